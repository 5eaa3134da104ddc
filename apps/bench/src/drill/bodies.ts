import type { DrilledSdk } from "./sdk.js";

/** The flag that is asked for. Its value is the version of the configuration. */
export const FLAG = "version";
export const SUBJECT = "subject";

/** The vendor's answer with a version, for each dialect. */
export const BODIES: Readonly<Record<DrilledSdk["dialect"], (version: number) => unknown>> = {
  eppo: (version) => ({
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Drill" },
    flags: {
      [FLAG]: {
        key: FLAG,
        enabled: true,
        variationType: "INTEGER",
        variations: { on: { key: "on", value: version } },
        totalShards: 10_000,
        allocations: [
          { key: "all", rules: [], splits: [{ variationKey: "on", shards: [] }], doLog: false },
        ],
      },
    },
  }),
  growthbook: (version) => ({ status: 200, features: { [FLAG]: { defaultValue: version } } }),
  amplitude: (version) => [
    {
      key: FLAG,
      variants: { on: { key: "on", value: String(version) } },
      segments: [{ variant: "on" }],
    },
  ],
  posthog: (version) => ({
    flags: [
      {
        id: 1,
        key: FLAG,
        active: true,
        filters: {
          groups: [{ properties: [], rollout_percentage: 100 }],
          multivariate: { variants: [{ key: `v${version}`, rollout_percentage: 100 }] },
        },
      },
    ],
    group_type_mapping: {},
    cohorts: {},
  }),
};
