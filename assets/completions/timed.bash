# shellcheck shell=bash
# Bash completion for timed; needs nothing but bash.

_timed()
{
  local word=${COMP_WORDS[COMP_CWORD]}
  local option=${COMP_WORDS[COMP_CWORD - 1]}
  local with_argument=' -l --listen -p --protocol -f --format --max-connections --max-per-source --stats '
  local operands='' i

  # Behind -- there are no options; an option's argument that looks like it is none.
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} == -- ]]; then
      operands=yes
      break
    elif [[ ${COMP_WORDS[i + 1]} == "=" ]]; then
      ((i += 2)) # bash splits --protocol=time at the =, which then is a word of its own
    elif [[ $with_argument == *" ${COMP_WORDS[i]} "* ]]; then
      ((i += 1))
    fi
  done
  if [[ $word == "=" ]]; then
    word=
  elif [[ $option == "=" ]]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  [[ -n $operands ]] && option=

  COMPREPLY=()
  case $option in
  -p | --protocol) mapfile -t COMPREPLY < <(compgen -W 'plain daytime time' -- "$word") ;;
  -l | --listen | -f | --format | --max-connections | --max-per-source | --stats) ;;
  *)
    [[ -n $operands ]] || mapfile -t COMPREPLY < <(compgen -W '--listen --protocol --udp --format --utc --max-connections --max-per-source
      --stats --stamp --quiet --help --version' -- "$word")
    ;;
  esac
} && complete -F _timed timed
