#!/bin/sh
# lint.sh [BUILD-DIRECTORY]: clang-format, clang-tidy, cppcheck, shellcheck, mandoc, and man where it is there, all of
# them; a line for each, and status 1 when any complains.
# The build directory (build/dev) is for its compile_commands.json, which is brought up to date first.
set -eu

cd "$(dirname -- "$0")/.."
build=${1:-build/dev}
failed=''

if [ -f "$build/CMakeCache.txt" ]; then
  cmake "$build" >/dev/null
else
  cmake --preset dev -B "$build" >/dev/null
fi

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

# What is said of a file stays together, without the counts of warnings in other people's headers. The compiler's own
# warnings are those of gcc, some of which clang does not know. The analyser gives up on a function after 75,000 states
# rather than 225,000, which halves the time.
tidy() {
  # shellcheck disable=SC2016 # the inner shell expands them
  xargs -a "$build/lint-files" -n 1 -P 2 sh -c '
    said=$(clang-tidy -p "$0" --quiet --warnings-as-errors="*" --extra-arg=-Wno-unknown-warning-option \
      --extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=max-nodes=75000 \
      "$1" 2>&1) && exit
    printf "%s\n" "$said" | grep -v "^[0-9]* warnings.* generated\.$"
    exit 1' "$build"
}

# What groff says of the pages, which mandoc does not see.
man_warnings() {
  for page; do
    said=$(man --warnings=all -l "$page" 2>&1 >/dev/null)
    [ -z "$said" ] || {
      printf '%s: %s\n' "$page" "$said"
      return 1
    }
  done
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
  check clang-tidy tidy
  check cppcheck cppcheck --project="$build/compile_commands.json" --quiet --error-exitcode=1 --inline-suppr \
    --enable=warning,performance,portability --suppress=missingInclude --suppress=unknownMacro
  check shellcheck shellcheck run test .ci/run assets/completions/*.bash cmake/install-packages cmake/*.sh
  check mandoc mandoc -T lint -W warning $(sources -name '*.[1-9]')
  if command -v man >/dev/null; then
    check man man_warnings $(sources -name '*.[1-9]')
  fi
}

[ -z "$failed" ] || {
  echo "lint:$failed"
  exit 1
}
