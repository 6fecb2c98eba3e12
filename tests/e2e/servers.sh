# shellcheck shell=bash
# Starts and stops a whole Knooppunt on loopback, with a witness beside it. To be sourced.
#
#   servers_start MODE RUN BIN   MODE: embedded (one process) or separate (one for each unit)
#   servers_stop                 fails when one of them did not end well
#
# RUN must hold pki/ (deploy/pki.sh). Databases, logs and ports go there. Sets SERVER to what the
# command line takes as --server, and LOG_VKEY and WITNESS_VKEY to the keys that verify the log.

SERVERS_SOURCE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
LOG_ORIGIN=demo.knooppunt.example/log
WITNESS_NAME=witness.knooppunt.example
UNITS=(access audit directory dossier)
# Long enough for sanitizers on a slow machine; nothing waits that long unless it is broken.
START_SECONDS=${START_SECONDS:-60}

SERVER_PIDS=()
SERVER_NAMES=()

# servers_spawn NAME COMMAND...: its output goes to RUN/NAME.log, its id to RUN/pids.
servers_spawn() {
  local name=$1
  shift
  nohup "$@" >"$SERVERS_RUN/$name.log" 2>&1 </dev/null &
  SERVER_PIDS+=($!)
  SERVER_NAMES+=("$name")
  echo "$!" >>"$SERVERS_RUN/pids"
}

servers_say_why() {
  echo "$1 $2; the end of its log:" >&2
  tail -n 25 "$SERVERS_RUN/$1.log" >&2
}

# servers_wait_for NAME FILE: until the port file is there, the process is gone, or time is up.
servers_wait_for() {
  local name=$1 file=$2 i pid=
  for i in "${!SERVER_NAMES[@]}"; do
    [ "${SERVER_NAMES[$i]}" = "$name" ] && pid=${SERVER_PIDS[$i]}
  done
  local deadline=$((SECONDS + START_SECONDS))
  while [ ! -s "$file" ]; do
    if ! kill -0 "$pid" 2>/dev/null; then
      servers_say_why "$name" "ended at its start"
      return 1
    fi
    if [ $SECONDS -ge $deadline ]; then
      servers_say_why "$name" "was not ready within $START_SECONDS s"
      return 1
    fi
    sleep 0.05
  done
}

# Ports that are free now, one for each unit: units apart must know each other's beforehand.
servers_free_ports() {
  python3 - "$1" <<'EOF'
import socket
import sys

sockets = [socket.socket() for _ in range(int(sys.argv[1]))]
for s in sockets:
    s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in sockets))
EOF
}

servers_configure() {
  local template=$1 out=$2
  shift 2
  "$SERVERS_SOURCE/deploy/configure.sh" "$SERVERS_SOURCE/deploy/config/$template.textproto.in" \
    "$out" "RUN=$SERVERS_RUN" "PKI=$SERVERS_RUN/pki" "LOG_ORIGIN=$LOG_ORIGIN" \
    "ADMIN_NAME=$ADMIN_NAME" "WITNESS_VKEY=$WITNESS_VKEY" \
    "WITNESS_ADDRESS=127.0.0.1:$(<"$SERVERS_RUN/witness.port")" "$@"
}

servers_start() {
  local mode=$1 bin=$3 unit
  SERVERS_RUN=$2
  rm -rf "$SERVERS_RUN"/{data*,*.port,*.log,*.textproto,witness.state,pids}
  LOG_VKEY=$("$SERVERS_SOURCE/deploy/verifier_key.py" log "$LOG_ORIGIN" \
    "$SERVERS_RUN/pki/sign/log.pub")
  WITNESS_VKEY=$("$SERVERS_SOURCE/deploy/verifier_key.py" witness "$WITNESS_NAME" \
    "$SERVERS_RUN/pki/sign/witness.pub")

  servers_spawn witness "$bin/knooppunt-witness" --key "$SERVERS_RUN/pki/sign/witness.key" \
    --name "$WITNESS_NAME" --state "$SERVERS_RUN/witness.state" --listen 127.0.0.1:0 \
    --log-key "$LOG_VKEY" --port-file "$SERVERS_RUN/witness.port"
  servers_wait_for witness "$SERVERS_RUN/witness.port"

  if [ "$mode" = embedded ]; then
    servers_configure embedded "$SERVERS_RUN/knooppuntd.textproto" PORT=0
    servers_spawn knooppuntd "$bin/knooppuntd" --config "$SERVERS_RUN/knooppuntd.textproto"
    servers_wait_for knooppuntd "$SERVERS_RUN/knooppuntd.port"
    SERVER=127.0.0.1:$(<"$SERVERS_RUN/knooppuntd.port")
    return
  fi

  local ports=() known=() addresses=() i
  read -ra ports <<<"$(servers_free_ports ${#UNITS[@]})"
  for i in "${!UNITS[@]}"; do
    known+=("PORT_${UNITS[$i]^^}=${ports[$i]}")
    addresses+=("${UNITS[$i]}=127.0.0.1:${ports[$i]}")
  done
  SERVER=$(IFS=,; echo "${addresses[*]}")
  for unit in "${UNITS[@]}"; do
    servers_configure "$unit" "$SERVERS_RUN/$unit.textproto" "${known[@]}"
    servers_spawn "$unit" "$bin/knooppuntd" --units="$unit" --config "$SERVERS_RUN/$unit.textproto"
  done
  for unit in "${UNITS[@]}"; do
    servers_wait_for "$unit" "$SERVERS_RUN/$unit.port"
  done
}

# servers_until_answered COMMAND...: until it ends with anything but 7, the command line's "no
# answer". A port that is open is not yet a call that is answered: units apart meet each other first.
servers_until_answered() {
  local deadline=$((SECONDS + START_SECONDS)) status
  while true; do
    status=0
    "$@" >/dev/null 2>"$SERVERS_RUN/waiting.log" </dev/null || status=$?
    [ $status -eq 7 ] || break
    if [ $SECONDS -ge $deadline ]; then
      servers_say_why waiting "had no answer within $START_SECONDS s"
      return 1
    fi
    sleep 0.2
  done
  [ $status -eq 0 ] || servers_say_why waiting "ended with $status"
  return $status
}

# Ends what servers_start started, last one first, and nothing else.
servers_stop() {
  local i failed=0 status
  # One after the other, last started first: who ships records stops before who takes them, so
  # that every stream is closed in the log.
  for ((i = ${#SERVER_PIDS[@]} - 1; i >= 0; i--)); do
    status=0
    kill -TERM "${SERVER_PIDS[$i]}" 2>/dev/null || true
    timeout 30 tail --pid="${SERVER_PIDS[$i]}" -f /dev/null || kill -KILL "${SERVER_PIDS[$i]}"
    wait "${SERVER_PIDS[$i]}" 2>/dev/null || status=$?
    if [ $status -ne 0 ]; then
      servers_say_why "${SERVER_NAMES[$i]}" "ended with $status"
      failed=1
    fi
  done
  SERVER_PIDS=()
  SERVER_NAMES=()
  rm -f "$SERVERS_RUN/pids"
  return $failed
}
