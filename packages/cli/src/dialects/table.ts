import type { DialectTable } from "./dialect.js";

/** The dialects of the published command, in the order of the help. */
export const DIALECTS: DialectTable = {
  eppo: async () => (await import("./eppo/dialect.js")).eppo,
  growthbook: async () => (await import("./growthbook/dialect.js")).growthbook,
  amplitude: async () => (await import("./amplitude/dialect.js")).amplitude,
  posthog: async () => (await import("./posthog/dialect.js")).posthog,
  datadog: async () => (await import("./datadog/dialect.js")).datadog,
  launchdarkly: async () => (await import("./launchdarkly/dialect.js")).launchdarkly,
  statsig: async () => (await import("./statsig/dialect.js")).statsig,
  "statsig-legacy": async () => (await import("./statsig/dialect.js")).statsigLegacy,
};
