-- sortition 0.0.0, dialect eppo, revision f1025cdda42c9fd5, written 2026-02-01T12:00:00.000Z
-- flags: "checkout"
CREATE OR REPLACE FUNCTION sortition_assign(
  flag VARCHAR,
  subject VARCHAR,
  attributes VARIANT,
  now_ms DOUBLE
)
RETURNS VARIANT
LANGUAGE JAVASCRIPT
IMMUTABLE
COMMENT = 'sortition 0.0.0, dialect eppo, revision f1025cdda42c9fd5, written 2026-02-01T12:00:00.000Z; flags: "checkout"'
AS $$
if (typeof sortition_f1025cdda42c9fd5_HASH === "undefined") {
ENGINE
sortition_f1025cdda42c9fd5_HASH = SortitionLibrary.prepare("{\u0022flags\u0022:{\u0022createdAt\u0022:\u00222026-02-01T00:00:00.000Z\u0022,\u0022format\u0022:\u0022SERVER\u0022,\u0022environment\u0022:{\u0022name\u0022:\u0022Test\u0022},\u0022flags\u0022:{\u0022checkout\u0022:{\u0022key\u0022:\u0022checkout\u0022,\u0022enabled\u0022:true,\u0022variationType\u0022:\u0022STRING\u0022,\u0022totalShards\u0022:10000,\u0022variations\u0022:{\u0022a\u0022:{\u0022key\u0022:\u0022a\u0022,\u0022value\u0022:\u0022a\u0022},\u0022b\u0022:{\u0022key\u0022:\u0022b\u0022,\u0022value\u0022:\u0022b\u0022}},\u0022allocations\u0022:[{\u0022key\u0022:\u0022danes\u0022,\u0022rules\u0022:[{\u0022conditions\u0022:[{\u0022attribute\u0022:\u0022country\u0022,\u0022operator\u0022:\u0022ONE_OF\u0022,\u0022value\u0022:[\u0022DK\u0022]}]}],\u0022splits\u0022:[{\u0022variationKey\u0022:\u0022a\u0022,\u0022shards\u0022:[{\u0022salt\u0022:\u0022s0\u0022,\u0022ranges\u0022:[{\u0022start\u0022:0,\u0022end\u0022:5000}]}]},{\u0022variationKey\u0022:\u0022b\u0022,\u0022shards\u0022:[{\u0022salt\u0022:\u0022s0\u0022,\u0022ranges\u0022:[{\u0022start\u0022:5000,\u0022end\u0022:10000}]}]}],\u0022doLog\u0022:true}]}}}}");
}
return sortition_f1025cdda42c9fd5_HASH.assign(FLAG, SUBJECT, ATTRIBUTES, NOW_MS);
$$;
