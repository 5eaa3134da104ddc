/** Returns a response of Datadog's server with the flag `colour`, which has this value for all subjects. */
export function payloadOf(value: string): string {
  const flag = {
    key: "colour",
    enabled: true,
    variationType: "STRING",
    variations: { on: { key: "on", value } },
    allocations: [{ key: "all", splits: [{ variationKey: "on", shards: [] }], doLog: true }],
  };
  const attributes = {
    createdAt: "2026-01-01T00:00:00Z",
    format: "SERVER",
    environment: { name: "production" },
    flags: { colour: flag },
  };
  return JSON.stringify({ data: { type: "universal-flag-configuration", attributes } });
}
