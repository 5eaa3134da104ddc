/** The configuration of the documented example. */
export const EXAMPLE: object = {
  createdAt: "2026-01-05T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Production" },
  flags: {
    "new-checkout": {
      key: "new-checkout",
      enabled: true,
      variationType: "BOOLEAN",
      totalShards: 10_000,
      variations: { on: { key: "on", value: true }, off: { key: "off", value: false } },
      allocations: [
        {
          key: "pilot",
          rules: [{ conditions: [{ attribute: "country", operator: "ONE_OF", value: ["DK"] }] }],
          splits: [
            { variationKey: "on", shards: [{ salt: "pilot", ranges: [{ start: 0, end: 5_000 }] }] },
          ],
          doLog: true,
        },
      ],
    },
  },
};

const everybody = (variationKey: string): object => ({ shards: [], variationKey });

function flag(key: string, variationType: string, values: readonly unknown[], more: object = {}) {
  const variations = values.map((value, i) => [`v${i}`, { key: `v${i}`, value }]);
  return {
    key,
    enabled: true,
    variationType,
    variations: Object.fromEntries(variations),
    allocations: [{ key: `${key}-all`, rules: [], splits: [everybody("v0")], doLog: true }],
    totalShards: 10_000,
    ...more,
  };
}

const halves = (salt: string): object[] =>
  ["v0", "v1"].map((variationKey, i) => ({
    shards: [{ salt, ranges: [{ start: i * 5_000, end: (i + 1) * 5_000 }] }],
    variationKey,
    extraLogging: { holdoutKey: `h${i}` },
  }));

const condition = (attribute: string, operator: string, value: unknown): object => ({
  conditions: [{ attribute, operator, value }],
});

const flags: readonly { readonly key: string }[] = [
  flag("bool", "BOOLEAN", [true, false], {
    allocations: [{ key: "split", splits: halves("bool"), doLog: true }],
  }),
  flag("int", "INTEGER", [7, 8], {
    entityId: 12,
    allocations: [
      { key: "ruled", rules: [condition("age", "GTE", 30)], splits: halves("int"), doLog: true },
      { key: "rest", splits: [everybody("v1")], doLog: false },
    ],
  }),
  flag("num", "NUMERIC", [1.5, -0]),
  flag("text", "STRING", ["", "b"], {
    allocations: [
      {
        key: "dated",
        startAt: "2026-02-01T00:00:00.000Z",
        endAt: "2026-03-01T00:00:00.000Z",
        splits: [everybody("v1")],
        doLog: true,
      },
      { key: "versions", rules: [condition("v", "LT", "2.0.0")], splits: halves("t"), doLog: true },
    ],
  }),
  flag("json", "JSON", ['{"a":[1,null]}', '"text"'], {
    allocations: [
      {
        key: "dk",
        rules: [condition("country", "ONE_OF", ["DK"])],
        splits: halves("j"),
        doLog: true,
      },
    ],
  }),
  flag("json-null", "JSON", ["null"]),
  flag("json-broken", "JSON", ["{"]),
  flag("wrong-type", "INTEGER", ["seven"]),
  flag("disabled", "STRING", ["a"], { enabled: false }),
  flag("bad-regex", "STRING", ["a"], {
    allocations: [
      { key: "r", rules: [condition("country", "MATCHES", "(")], splits: halves("r"), doLog: true },
    ],
  }),
  flag("__proto__", "STRING", ["own"]),
  flag("", "STRING", ["empty"]),
];

/** Flags of every type, and some that fail. */
export const VARIED: object = {
  createdAt: "2026-01-05T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Test" },
  flags: Object.fromEntries(flags.map((it) => [it.key, it])),
  banditReferences: {},
};
