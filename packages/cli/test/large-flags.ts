/** Returns a flag `f` with one shard condition of this number of ranges. */
export function rangesConfig(ranges: number): object {
  const shard = {
    salt: "s",
    ranges: Array.from({ length: ranges }, (_, i) => ({ start: i * 4, end: i * 4 + 3 })),
  };
  return config({ splits: [{ variationKey: "on", shards: [shard] }] });
}

/** Returns a flag `f` with a condition that lists this number of values. */
export function longListConfig(values: number): object {
  const value = Array.from({ length: values }, (_, i) => `account-${i}`);
  const conditions = [{ attribute: "account", operator: "ONE_OF", value }];
  return config({ rules: [{ conditions }], splits: [{ variationKey: "on", shards: [] }] });
}

function config(allocation: object): object {
  const flag = {
    key: "f",
    enabled: true,
    variationType: "BOOLEAN",
    totalShards: 1_000_000,
    variations: { on: { key: "on", value: true } },
    allocations: [{ key: "a", doLog: true, ...allocation }],
  };
  return { format: "SERVER", flags: { f: flag } };
}
