# shellcheck shell=bash
# Bash completion for scope; needs nothing but bash.

_scope()
{
  local word=${COMP_WORDS[COMP_CWORD]}
  local option=${COMP_WORDS[COMP_CWORD - 1]}
  local with_argument=' -w --window -y --range --limits --names --only --rate --baud --tail --replay --style -t --title -u --unit --theme -g'
  with_argument+=' --geometry --refresh --scale --memory --png --svg --record '
  local operands='' i

  # Behind -- there are no options; an option's argument that looks like it is none.
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} == -- ]]; then
      operands=yes
      break
    elif [[ ${COMP_WORDS[i + 1]} == "=" ]]; then
      ((i += 2)) # bash splits --style=step at the =, which then is a word of its own
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
  --style) mapfile -t COMPREPLY < <(compgen -W 'step line points' -- "$word") ;;
  --comma) mapfile -t COMPREPLY < <(compgen -W 'separator decimal thousands' -- "$word") ;;
  --separator) mapfile -t COMPREPLY < <(compgen -W 'tab blanks' -- "$word") ;;
  --time-unit) mapfile -t COMPREPLY < <(compgen -W 's ms us ns' -- "$word") ;;
  --theme) mapfile -t COMPREPLY < <(compgen -W 'dark light' -- "$word") ;;
  -w | --window) mapfile -t COMPREPLY < <(compgen -W 'all' -- "$word") ;;
  --baud) mapfile -t COMPREPLY < <(compgen -W '9600 19200 38400 57600 115200 230400 460800 921600' -- "$word") ;;
  --stack) # likewise
    if [[ ${COMP_WORDS[COMP_CWORD - 1]} == "=" || ${COMP_WORDS[COMP_CWORD]} == "=" ]]; then
      mapfile -t COMPREPLY < <(compgen -W 'unit' -- "$word")
    fi
    ;;
  --terminal) # its argument stands behind a =, or nowhere
    if [[ ${COMP_WORDS[COMP_CWORD - 1]} == "=" || ${COMP_WORDS[COMP_CWORD]} == "=" ]]; then
      mapfile -t COMPREPLY < <(compgen -W 'kitty sixel blocks' -- "$word")
    fi
    ;;
  --summary) # likewise
    if [[ ${COMP_WORDS[COMP_CWORD - 1]} == "=" || ${COMP_WORDS[COMP_CWORD]} == "=" ]]; then
      mapfile -t COMPREPLY < <(compgen -W 'full' -- "$word")
    fi
    ;;
  --png | --svg | --record) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
  -y | --range | --limits | --trigger | -g | --geometry | -t | --title | -u | --unit | --names | --only | --key | --skip | --time-column | --rate | --tail | --replay | --refresh | --scale | --memory) ;;
  *)
    if [[ $word == -* && -z $operands ]]; then
      mapfile -t COMPREPLY < <(compgen -W '--window --range --autoscale --limits --log --stack --trigger --names --only --key --separator --comma
        --skip --time-column --time-unit --rate --baud --follow --tail --replay --counter --style --title --unit --theme
        --geometry --terminal --refresh --scale --memory --demo --exit --png --svg --record --tee --summary --timing --help --version' -- "$word")
    else
      compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
    ;;
  esac
} && complete -F _scope scope
