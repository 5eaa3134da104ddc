/**
 * Returns a UFC body in which every flag assigns `value` to all subjects. Its keys contain `value`.
 */
export function flagsBody(value: string, count = 1): string {
  return JSON.stringify({
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`flag-${i + 1}`, flag(`flag-${i + 1}`, value)]),
    ),
  });
}

/** Returns one flag of such a body. */
export function flag(key: string, value: string): object {
  return {
    key,
    enabled: true,
    variationType: "STRING",
    variations: { [value]: { key: value, value } },
    totalShards: 10_000,
    allocations: [
      {
        key: `all-${value}`,
        rules: [],
        splits: [{ variationKey: value, shards: [] }],
        doLog: true,
      },
    ],
  };
}
