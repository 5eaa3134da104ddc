/** A kind of keys that this package writes. */
interface KeyRow {
  /** The end of the key, after `<prefix>:{<namespace>}:v1:`. */
  readonly key: string;
  /** Finds its keys. */
  readonly pattern: RegExp;
  readonly type: "string" | "hash" | "stream";
  /** `null`: never. */
  readonly expires: string | null;
  /** What users notice if it is evicted. */
  readonly loss: string;
}

/** All keys. The tests of permissions check that there are no others, and the guide prints them. */
export const KEYS: readonly KeyRow[] = [
  {
    ...{ key: "outbox", pattern: /:v1:outbox$/, type: "stream", expires: null },
    loss: "exposures that wait are lost",
  },
  {
    ...{ key: "outbox:dead", pattern: /:dead$/, type: "stream", expires: null },
    loss: "refused exposures cannot be inspected",
  },
  {
    ...{ key: "outbox:counts", pattern: /:counts$/, type: "hash", expires: null },
    loss: "`stored()` and the totals begin at 0",
  },
  {
    ...{ key: "outbox:call:…", pattern: /:call:/, type: "string", expires: "after ten minutes" },
    loss: "a repeated call is executed twice, so exposures may be delivered twice",
  },
  {
    ...{ key: "outboxes", pattern: /:outboxes$/, type: "hash", expires: null },
    loss: "an outbox that no process delivers is not reported",
  },
  {
    ...{ key: "seen:…", pattern: /:seen:/, type: "string", expires: "`dedupe.ttlMs`, 24 hours" },
    loss: "an exposure is logged again",
  },
  {
    ...{ key: "sticky:…", pattern: /:sticky:/, type: "hash", expires: "`sticky.ttlMs`, 180 days" },
    loss: "a subject may get another variation, and nothing is logged",
  },
  {
    ...{ key: "config", pattern: /:config$/, type: "hash", expires: null },
    loss: "nothing; a process restores it",
  },
  {
    ...{ key: "fence, poll", pattern: /:(fence|poll)$/, type: "hash", expires: null },
    loss: "one more poll",
  },
  {
    ...{ key: "lease, gate", pattern: /:(lease|gate)$/, type: "string", expires: "each interval" },
    loss: "one more poll, or another leader",
  },
  {
    ...{ key: "sources", pattern: /:sources$/, type: "hash", expires: null },
    loss: "a conflict of two sources is reported later",
  },
];
