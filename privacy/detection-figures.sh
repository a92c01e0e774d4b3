#!/usr/bin/env bash
# Measures detection and writes the tables of docs/detection.md anew, between their marks.
# Usage: privacy/detection-figures.sh [--clean DIR] [--held-back MODEL]
#   --clean DIR        what privacy/clean-corpus.sh gathered
#   --held-back MODEL  what ./mantle train wrote without --all true
# A table whose input is not given stays as it is.
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
page=$root/docs/detection.md
blind=$root/privacy/src/test/resources/io/mantle/privacy/detect/blind
dev=$root/../shared/pii/dev

write() { # replaces what stands between the marks of section $1 by standard input
  local table; table=$(mktemp)
  cat >"$table"
  awk -v name="$1" -v table="$table" '
    $0 == "<!-- figures: " name " -->" { print; print ""; while ((getline line < table) > 0) print line; print ""; inside = 1; next }
    $0 == "<!-- end -->" { inside = 0 }
    !inside' "$page" >"$page.new"
  mv "$page.new" "$page"
  rm -f "$table"
}

eval_table() { "$root/mantle" eval --markdown "$@"; }

eval_table "$blind/values.jsonl" | write values
eval_table "$blind"/names_*.jsonl | write names
while [ $# -gt 0 ]; do
  case $1 in
    --clean) eval_table --clean "$2"/* | write clean; shift 2 ;;
    --held-back)
      eval_table --coarse --held-back --model "$2" "$dev"/presidio_*.jsonl "$dev"/nannigalaxy_*.jsonl | write held-back-pii
      eval_table --coarse --held-back --model "$2" "$dev"/{wnut17,btc_twitter,wikigold}.jsonl | write held-back-names
      eval_table --coarse --held-back --model "$2" "$dev"/germeval2014.jsonl | write held-back-german
      shift 2 ;;
    *) echo "usage: $0 [--clean DIR] [--held-back MODEL]" >&2; exit 2 ;;
  esac
done
