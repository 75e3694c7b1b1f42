#!/usr/bin/env bash
# Replays a recording in dap-mode, the debugger of Emacs, without a display, and compares what it shows with what it
# must show. hindcast-dap.el is the set-up of the documentation, dap-mode.el presses the keys.
#
#   test/clients/dap-mode.sh              needs Emacs and dap-mode as Debian packages them, and a built Hindcast
#   test/clients/dap-mode.sh --install    installs those packages first (as root)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
hindcast=$here/../../cli/bin/hindcast.cjs
packages=(emacs-nox elpa-dap-mode)

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

case ${1-} in
  '') ;;
  --install)
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}"
    ;;
  *) fail "usage: $0 [--install]" ;;
esac

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Emacs must read nobody's settings and breakpoints, and npx must find the command that is tested.
export HOME=$folder/home
export npm_config_offline=true
mkdir -p "$HOME" "$folder/project/node_modules/.bin"
ln -s "$hindcast" "$folder/project/node_modules/.bin/hindcast"
cd "$folder/project"

command -v emacs >/dev/null ||
  fail 'Emacs is not installed. Install the Debian package emacs-nox, or run this with --install.'
emacs --batch --eval "(progn (package-initialize) (require 'dap-mode))" >"$folder/log" 2>&1 ||
  fail 'dap-mode is not installed. Install the Debian package elpa-dap-mode, or run this with --install.'

cat >program.js <<'END'
function priceOf(item) {
  const net = item.price * item.count;
  if (item.count < 0) {
    throw new RangeError(`count of ${item.name}`);
  }
  return net; // returned
}
function total(items) {
  let sum = 0;
  for (const item of items) {
    sum += priceOf(item); // sum
  }
  return sum;
}
total([
  { name: 'pen', price: 2, count: 3 },
  { name: 'ink', price: 5, count: -1 },
]);
END

cat >"$folder/expected" <<'END'
Replay the newest recording: exception, priceOf at program.js:4, cursor in line 4 of program.js
told: Exception has occurred: RangeError: count of ink
stack: priceOf < total < program.js
variables:
▾ Local
  ▸ this: globalThis
  ▸ item: { name: 'ink', price: 5, count: -1 }
    net: -5
▾ File
  ▸ priceOf: ƒ priceOf
  ▸ total: ƒ total
▾ Returned
hindcast-step-back: step, priceOf at program.js:3, cursor in line 3 of program.js
hindcast-step-back: step, priceOf at program.js:2, cursor in line 2 of program.js
variables:
▾ Local
  ▸ this: globalThis
  ▸ item: { name: 'ink', price: 5, count: -1 }
    net: ‹not yet initialised›
▾ File
  ▸ priceOf: ƒ priceOf
  ▸ total: ƒ total
▾ Returned
breakpoint: line 6, verified
hindcast-reverse-continue: breakpoint, priceOf at program.js:6, cursor in line 6 of program.js
variables:
▾ Local
  ▸ this: globalThis
  ▸ item: { name: 'pen', price: 2, count: 3 }
    net: 6
▾ File
  ▸ priceOf: ƒ priceOf
  ▸ total: ƒ total
▾ Returned
expressions:
  item.price * 2: 4
  priceOf(item) + 1: 7
  nope: ReferenceError: nope is not defined
dap-next: step, total at program.js:11, cursor in line 11 of program.js
dap-step-in: step, priceOf at program.js:2, cursor in line 2 of program.js
dap-step-out: end, no frame
hindcast-step-back: step, priceOf at program.js:4, cursor in line 4 of program.js
hindcast-reverse-continue: breakpoint, priceOf at program.js:6, cursor in line 6 of program.js
hindcast-reverse-continue: entry, no frame
dap-continue: breakpoint, priceOf at program.js:6, cursor in line 6 of program.js
breakpoint: line 11, verified
output:
MOMENT before the pen: 0
MOMENT before the ink: 6
dap-disconnect: terminated
Record this file and replay: exception, priceOf at program.js:4, cursor in line 4 of program.js
told: Exception has occurred: RangeError: count of ink
stack: priceOf < total < program.js
hindcast-step-back: step, priceOf at program.js:3, cursor in line 3 of program.js
dap-disconnect: terminated
END

# The program fails, as it must.
node "$hindcast" record -- node program.js >"$folder/log" 2>&1 || true
[ -d .hindcast ] || fail "$(cat "$folder/log")" 'Nothing was recorded.'

status=0
LC_ALL=C.UTF-8 timeout 300 emacs --batch --load "$here/dap-mode.el" >"$folder/shown" 2>"$folder/log" || status=$?
sed -E 's/^[0-9]+:[0-9]+ /MOMENT /' "$folder/shown" | tee "$folder/compared"
[ "$status" = 0 ] || fail "$(cat "$folder/log")" "Emacs ended with exit code $status."
diff -u --label expected --label shown "$folder/expected" "$folder/compared" >&2 ||
  fail 'dap-mode does not show what it must.'
printf '\nas expected, by %s and dap-mode\n' "$(emacs --version | sed -n 1p)"
