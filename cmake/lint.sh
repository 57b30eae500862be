#!/bin/sh
# lint.sh [BUILD-DIRECTORY]: formatting, clang-tidy, cppcheck and shellcheck, all of them; status 1 when any complains.
# The build directory (build/dev) is for its compile_commands.json; it is configured when it has none.
set -eu

cd "$(dirname -- "$0")/.."
build=${1:-build/dev}
failed=''

[ -f "$build/compile_commands.json" ] || cmake --preset dev -B "$build" >/dev/null

# check NAME COMMAND...: runs it and remembers whether it failed.
check() {
  name=$1
  shift
  echo "== $name"
  "$@" || failed="$failed $name"
}

sources() {
  find src tests "$@" -type f ! -path '*/corpus/*' | sort
}

# shellcheck disable=SC2046 # no name in here has a blank
{
  check clang-format clang-format --dry-run -Werror $(sources -name '*.[ch]')
  # Only what is compiled has a command to look at. Two at a time, a file each.
  sources -name '*.c' | while read -r file; do
    if grep -q "/$file\"" "$build/compile_commands.json"; then
      echo "$file"
    fi
  done >"$build/lint-files"
  check clang-tidy xargs -a "$build/lint-files" -n 1 -P 2 clang-tidy -p "$build" --quiet --warnings-as-errors='*'
  check cppcheck cppcheck --project="$build/compile_commands.json" --quiet --error-exitcode=1 --inline-suppr \
    --enable=warning,performance,portability --suppress=missingInclude --suppress=unknownMacro
  check shellcheck shellcheck run test .ci/run assets/completions/scope.bash cmake/install-packages cmake/*.sh
  check man mandoc -T lint -W warning $(sources -name '*.[1-9]')
}

[ -z "$failed" ] || {
  echo "lint:$failed"
  exit 1
}
