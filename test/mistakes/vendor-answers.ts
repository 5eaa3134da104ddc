const EPPO = {
  createdAt: "2026-01-01T00:00:00.000Z",
  environment: { name: "Test" },
  flags: {
    onboarding: {
      ...{ key: "onboarding", enabled: true, variationType: "STRING", totalShards: 10 },
      variations: { on: { key: "on", value: "on" } },
      allocations: [{ key: "all", splits: [{ variationKey: "on", shards: [] }], doLog: true }],
    },
  },
};
const AMPLITUDE = [
  { key: "banner", variants: { on: { key: "on", value: "on" } }, segments: [{ variant: "on" }] },
];

/** What the server of a vendor answers, by the path that its SDK requests. */
export function answerOf(url: string): unknown {
  if (url.includes("/sdk/v2/flags")) return AMPLITUDE;
  if (url.includes("/sdk/v2/vardata")) return {};
  if (url.includes("/flags/?")) return { flags: {}, errorsWhileComputingFlags: false };
  return url.includes("/flag-config/") ? EPPO : { features: {} };
}
