/** Returns an Eppo flag that is `on` for all subjects. */
const forAll = (key: string) => ({
  ...{ key, enabled: true, variationType: "STRING", totalShards: 10 },
  variations: { on: { key: "on", value: "on" } },
  allocations: [{ key: "all", splits: [{ variationKey: "on", shards: [] }], doLog: true }],
});
const EPPO = {
  createdAt: "2026-01-01T00:00:00.000Z",
  environment: { name: "Test" },
  flags: { onboarding: forAll("onboarding"), checkout: forAll("checkout") },
};
const AMPLITUDE = ["banner", "new-checkout"].map((key) => ({
  key,
  variants: { on: { key: "on", value: "on" } },
  segments: [{ variant: "on" }],
}));
const GROWTHBOOK = {
  "new-checkout": { defaultValue: true },
  banner: { defaultValue: "a", rules: [{ key: "greeting", variations: ["a", "b"] }] },
};
const POSTHOG = {
  "new-search": { key: "new-search", enabled: true, metadata: { id: 1, version: 1 }, reason: {} },
};

/** Returns the response of a vendor's server by the path of the request. */
export function answerOf(url: string): unknown {
  if (url.includes("/sdk/v2/flags")) return AMPLITUDE;
  if (url.includes("/sdk/v2/vardata")) return {};
  if (url.includes("/flags/?")) return { flags: POSTHOG, errorsWhileComputingFlags: false };
  if (url.includes("/flag-config/")) return EPPO;
  return { features: GROWTHBOOK };
}
