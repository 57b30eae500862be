# shellcheck shell=bash
# Bash completion for timed; needs nothing but bash.

_timed()
{
  local word=${COMP_WORDS[COMP_CWORD]}
  local option=${COMP_WORDS[COMP_CWORD - 1]}

  # bash splits --protocol=time at the =, which then is a word of its own.
  if [[ $word == "=" ]]; then
    word=
  elif [[ $option == "=" ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  fi

  COMPREPLY=()
  case $option in
  -p | --protocol) mapfile -t COMPREPLY < <(compgen -W 'plain daytime time' -- "$word") ;;
  -l | --listen | -f | --format | --max-connections | --max-per-source | --stats) ;;
  *)
    mapfile -t COMPREPLY < <(compgen -W '--listen --protocol --udp --format --utc --max-connections --max-per-source
      --stats --quiet --help --version' -- "$word")
    ;;
  esac
} && complete -F _timed timed
