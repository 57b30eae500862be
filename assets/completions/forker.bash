# shellcheck shell=bash
# Bash completion for forker; needs nothing but bash.

_forker()
{
  local word=${COMP_WORDS[COMP_CWORD]}
  local option=${COMP_WORDS[COMP_CWORD - 1]}

  # bash splits --spawn=vfork at the =, which then is a word of its own.
  if [[ $word == "=" ]]; then
    word=
  elif [[ $option == "=" ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  fi

  COMPREPLY=()
  case $option in
  --spawn) mapfile -t COMPREPLY < <(compgen -W 'fork vfork posix_spawn' -- "$word") ;;
  --demo) mapfile -t COMPREPLY < <(compgen -W 'zombie orphan' -- "$word") ;;
  --sample) # a list: what is complete stays in front of the last word
    local before=
    [[ $word == *,* ]] && before=${word%,*},
    mapfile -t COMPREPLY < <(compgen -P "$before" -W 'out wall user sys maxrss spawn' -- "${word##*,}")
    ;;
  --log) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  -i | --interval | -e | --every | -n | --count | -j | --jobs | --timeout | --kill-after) ;;
  *)
    if [[ $word == -* ]]; then
      mapfile -t COMPREPLY < <(compgen -W '--interval --every --count --jobs --timeout --kill-after --spawn --sample
        --log --fail-fast --demo --quiet --help --version' -- "$word")
    else
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word"; compgen -c -- "$word" | sort -u)
    fi
    ;;
  esac
} && complete -F _forker forker
