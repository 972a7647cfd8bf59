#!/usr/bin/env bash
# Goes through the pages of this program in Debian's Chromium, by mouse and by
# keyboard, with axe-core, and takes screenshots. Installs what is missing: chromium,
# Node and poppler-utils with apt, playwright-core and axe-core with npm, in a temporary
# folder that it removes.
#
#   run.sh [SESIM [SCREENSHOTS [PAGE...]]]
#
# SESIM is the program, built where none is given; SCREENSHOTS is a folder for the
# pictures, which are not kept where none is given. PAGE is learn, serve or report; all
# are visited where none is given. PAGE/SCRIPT is another script of the page than its test:
# learn/gallery takes the pictures that the classroom's README shows.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
work=$(mktemp -d)
readonly work
trap 'rm -rf "$work"' EXIT

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

missing=()
command -v chromium >/dev/null || missing+=(chromium fonts-dejavu-core)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
if ((${#missing[@]})); then
  as_root apt-get update -qq
  DEBIAN_FRONTEND=noninteractive as_root apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
fi

sesim=${1:-}
if [[ -z $sesim ]]; then
  sesim=$work/sesim
  (cd "$here" && go build -o "$sesim" sesim/cmd/sesim)
fi
cp "$here"/package.json "$here"/*.mjs "$work"
(cd "$work" && npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error)
pages=("${@:3}")
declare -A tests=([learn]=learn [serve]=serve [report]=../../reports/html)
if ((${#pages[@]} == 0)); then pages=(learn serve report); fi
for page in "${pages[@]}"; do
  printf '%s\n' "$page"
  script=test
  [[ $page == */* ]] && script=${page#*/}
  cp "$here/../../${tests[${page%%/*}]}/browsertest"/*.mjs "$work"
  SESIM=$sesim SOURCE=$here SCREENSHOTS=${2:-$work/screenshots} CHROMIUM=$(command -v chromium) node "$work/$script.mjs"
done
