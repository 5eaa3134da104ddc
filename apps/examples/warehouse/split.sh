#!/bin/sh
# Splits exposures.parquet by subject, into files that are ordered by time.
mkdir -p parts
for part in 1 2 3 4 5 6 7 8; do
  duckdb -c "COPY (SELECT * FROM 'exposures.parquet' WHERE hash(subject) % 8 = $part - 1 ORDER BY timestamp)
    TO 'parts/$part.ndjson' (FORMAT json)"
done
