-- sortition 0.0.0, dialect eppo, revision f1025cdda42c9fd5, written 2026-02-01T12:00:00.000Z
-- flags: "checkout"
CREATE OR REPLACE FUNCTION `sortition_replay`(
  flag STRING,
  subject STRING,
  attributes JSON,
  now_ms FLOAT64,
  variation STRING,
  allocation STRING,
  experiment STRING
)
RETURNS JSON
DETERMINISTIC
LANGUAGE js
OPTIONS (
  library = ['gs://bucket/sortition/library.js'],
  description = 'sortition 0.0.0, dialect eppo, revision f1025cdda42c9fd5, written 2026-02-01T12:00:00.000Z; flags: "checkout"'
)
AS r"""
return sortition_f1025cdda42c9fd5_HASH.replay(flag, subject, attributes, now_ms, variation, allocation, experiment);
""";
