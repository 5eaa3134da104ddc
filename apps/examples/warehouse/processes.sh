#!/bin/sh
# Checks parts/1.ndjson to parts/8.ndjson side by side, and adds up the counts.
for part in 1 2 3 4 5 6 7 8; do
  sortition replay parts/$part.ndjson --config flags.json --json --max-wrong 100% --max-unknown 100% > $part.json &
done
wait
jq --slurp 'map(.total // empty | to_entries[]) | group_by(.key) | map({(.[0].key): map(.value) | add}) | add' [1-8].json
