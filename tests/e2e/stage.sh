# shellcheck shell=bash
# What the journey is told with: acts that must succeed, acts that must be refused, and checks of
# what was seen. To be sourced. Each act is said in one plain Dutch sentence; the first one that
# does not go as it should ends the journey.
#
# Needs KNOOPPUNT (the program), STAGE (a folder for profiles) and SERVER.

export KNOOPPUNT_HOME
export KNOOPPUNT_LANGUAGE=nl  # what is refused is said as the people concerned read it
OUT=
ACTS=0
REFUSALS=0
CHECKS=0

stage_open() {
  KNOOPPUNT=$1
  STAGE=$2
  KNOOPPUNT_HOME=$STAGE/home
  mkdir -p "$STAGE"
}

heading() { printf '\n%s\n' "$*"; }
say() { printf '  %s\n' "$*"; }

# stage_fail WHAT: says what was expected, and what came instead.
stage_fail() {
  {
    echo
    echo "  DIT GING NIET ZOALS HET HOORT: $1"
    echo "  opdracht: knooppunt $STAGE_COMMAND"
    sed 's/^/  | /' "$STAGE/out" "$STAGE/err"
  } >&2
  exit 1
}

# stage_run PERSON ARGUMENTS...: leaves standard output in OUT, the exit code in STATUS.
stage_run() {
  local person=$1
  shift
  STAGE_COMMAND="--profile $person $(printf '%q ' "$@")"
  STATUS=0
  "$KNOOPPUNT" --profile "$person" --output json "$@" >"$STAGE/out" 2>"$STAGE/err" </dev/null ||
    STATUS=$?
  OUT=$(<"$STAGE/out")
}

# act SENTENCE PERSON ARGUMENTS...: must succeed. Its answer, JSON, is in OUT.
act() {
  local sentence=$1
  shift
  stage_run "$@"
  [ $STATUS -eq 0 ] || stage_fail "verwacht: gelukt; gekregen: code $STATUS"
  ACTS=$((ACTS + 1))
  say "✓ $sentence"
}

# refused CODE REASON SENTENCE PERSON ARGUMENTS...: must end with this exit code, and for this
# reason; both are patterns, and '*' is any.
refused() {
  local code=$1 reason=$2 sentence=$3 given message
  shift 3
  stage_run "$@"
  # shellcheck disable=SC2053
  [[ $STATUS == $code ]] || stage_fail "verwacht: code $code; gekregen: code $STATUS"
  given=$(jq -r '.error.reason' "$STAGE/err" 2>/dev/null || true)
  # shellcheck disable=SC2053
  [[ $given == $reason ]] || stage_fail "verwacht: reden $reason; gekregen: reden $given"
  message=$(jq -r '.error.message' "$STAGE/err")
  REFUSALS=$((REFUSALS + 1))
  say "✗ $sentence"
  say "    Geweigerd: $message"
}

# get FILTER: a value out of the last answer, which must be there.
get() {
  local value
  value=$(jq -er "$1" <<<"$OUT") || stage_fail "het antwoord heeft geen $1"
  printf '%s' "$value"
}

# check SENTENCE FILTER [ARGUMENTS FOR JQ...]: the filter must hold for the last answer.
check() {
  local sentence=$1 filter=$2
  shift 2
  jq -e "$@" "$filter" <<<"$OUT" >/dev/null || stage_fail "niet waar: $sentence ($filter)"
  CHECKS=$((CHECKS + 1))
  say "  $sentence"
}

# sees TEXT... / sees_not TEXT...: whether the last answer holds these words anywhere.
sees() {
  local text
  for text in "$@"; do
    [[ $OUT == *"$text"* ]] || stage_fail "te zien hoort: $text"
    CHECKS=$((CHECKS + 1))
  done
}
sees_not() {
  local text
  for text in "$@"; do
    # As a word: a child may be called Cas, and the log speaks of a CaseworkService.
    ! grep -qwF -- "$text" <<<"$OUT" || stage_fail "niet te zien hoort: $text"
    CHECKS=$((CHECKS + 1))
  done
}

# show PERSON ARGUMENTS...: what the person sees on the screen, indented.
show() {
  local person=$1
  shift
  STAGE_COMMAND="--profile $person $(printf '%q ' "$@")"
  "$KNOOPPUNT" --profile "$person" "$@" >"$STAGE/out" 2>"$STAGE/err" </dev/null ||
    stage_fail "verwacht: gelukt; gekregen: code $?"
  sed 's/^/      | /' "$STAGE/out"
}
