# shellcheck shell=bash
# Bash completion for forker; needs nothing but bash.

_forker()
{
  local word=${COMP_WORDS[COMP_CWORD]}
  local option=${COMP_WORDS[COMP_CWORD - 1]}
  local with_argument=' -i --interval -e --every -n --count -j --jobs --timeout --kill-after --spawn --sample --log --until --summary --demo '
  local command=0 i

  # Where the command begins: behind --, or at the first word that is no option and no option's argument.
  for ((i = 1; i <= COMP_CWORD && command == 0; i++)); do
    if [[ ${COMP_WORDS[i]} == -- ]]; then
      ((i < COMP_CWORD)) && command=$((i + 1))
    elif [[ ${COMP_WORDS[i]} != -* ]]; then
      command=$i
    elif [[ ${COMP_WORDS[i + 1]-} == "=" ]]; then
      ((i += 2)) # bash splits --spawn=vfork at the =, which then is a word of its own
    elif [[ $with_argument == *" ${COMP_WORDS[i]} "* || ${COMP_WORDS[i]} =~ ^-[hVq]+[ienj]$ ]]; then
      ((i += 1))
    fi
  done
  if [[ $word == "=" ]]; then
    word=
  elif [[ $option == "=" ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  ((command > 0)) && option=

  COMPREPLY=()
  case $option in
  --spawn) mapfile -t COMPREPLY < <(compgen -W 'fork vfork posix_spawn' -- "$word") ;;
  --until) mapfile -t COMPREPLY < <(compgen -W 'success failure' -- "$word") ;;
  --summary) mapfile -t COMPREPLY < <(compgen -W 'text json' -- "$word") ;;
  --demo) mapfile -t COMPREPLY < <(compgen -W 'zombie orphan fork' -- "$word") ;;
  --sample) # a list: what is complete stays in front of the last word, and is not offered again
    local before='' kinds=' out wall user sys maxrss spawn ' kind given
    [[ $word == *,* ]] && before=${word%,*},
    IFS=, read -ra given <<<"$before"
    for kind in "${given[@]}"; do
      kinds=${kinds/ "$kind" / }
    done
    mapfile -t COMPREPLY < <(compgen -P "$before" -W "$kinds" -- "${word##*,}")
    ;;
  --log) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  -i | --interval | -e | --every | -n | --count | -j | --jobs | --timeout | --kill-after) ;;
  *)
    if [[ $word == -* && $command == 0 ]]; then
      mapfile -t COMPREPLY < <(compgen -W '--interval --every --count --jobs --timeout --kill-after --spawn --sample
        --log --fail-fast --until --align --summary --demo --quiet --help --version' -- "$word")
    elif ((command > 0)); then
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word"; ((command < COMP_CWORD)) || compgen -c -- "$word" | sort -u)
    fi
    ;;
  esac
} && complete -F _forker forker
