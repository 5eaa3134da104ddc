/** A kind of keys that this package writes. */
type KeyRow = readonly [
  /** The ends of its keys, after `<prefix>:{<namespace>}:v1:`. */
  keys: string,
  type: "string" | "hash" | "stream",
  /** `null`: never. */
  expires: string | null,
  /** What users notice if it is evicted. */
  loss: string,
];

/** All keys. The tests of permissions check that there are no others, and the guide prints them. */
export const KEYS: readonly KeyRow[] = [
  ["outbox", "stream", null, "exposures that wait are lost"],
  ["outbox:dead", "stream", null, "refused exposures cannot be inspected"],
  ["outbox:counts", "hash", null, "`stored()` and the totals begin at 0"],
  [
    ...(["outbox:call:…", "string", "after ten minutes"] as const),
    "a repeated call is executed twice, so exposures may be delivered twice",
  ],
  ["outboxes", "hash", null, "an outbox that no process delivers is not reported"],
  ["seen:…", "string", "`dedupe.ttlMs`, 24 hours", "an exposure is logged again"],
  [
    ...(["sticky:…", "hash", "`sticky.ttlMs`, 180 days"] as const),
    "a subject may get another variation, and nothing is logged",
  ],
  ["config", "hash", null, "nothing; a process restores it"],
  ["fence, poll", "hash", null, "one more poll"],
  ["lease, gate", "string", "each interval", "one more poll, or another leader"],
  ["sources", "hash", null, "a conflict of two sources is reported later"],
];
