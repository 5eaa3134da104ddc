// The table of docs/features.md: what users do with a vendor's SDK, and whether our package for it does the
// same. Which names work, differ or are not there is read from the lists that the tests of the packages
// compare with the vendors' declarations.

/**
 * @typedef {object} Surface
 * @property {readonly string[]} works
 * @property {Readonly<Record<string, string>>} differs
 * @property {Readonly<Record<string, string>>} notThere
 */

/**
 * Features, and the vendors' names for them. A vendor that is absent has no such feature.
 *
 * @type {readonly { feature: string, names: Readonly<Record<string, readonly string[]>> }[]}
 */
export const FEATURES = [
  {
    feature: "on or off",
    names: {
      eppo: ["EppoClient.getBooleanAssignment"],
      growthbook: ["GrowthBook.isOn", "GrowthBookClient.isOn"],
      amplitude: ["LocalEvaluationClient.evaluateV2", "Variant.key"],
      posthog: ["PostHog.isFeatureEnabled"],
    },
  },
  {
    feature: "strings, numbers, JSON",
    names: {
      eppo: [
        "EppoClient.getStringAssignment",
        "EppoClient.getIntegerAssignment",
        "EppoClient.getNumericAssignment",
        "EppoClient.getJSONAssignment",
      ],
      growthbook: ["GrowthBook.getFeatureValue", "GrowthBookClient.getFeatureValue"],
      amplitude: ["Variant.value", "Variant.payload"],
      posthog: ["PostHog.getFeatureFlag", "PostHog.getFeatureFlagPayload"],
    },
  },
  {
    feature: "why a subject got a value",
    names: {
      eppo: ["EppoClient.getStringAssignmentDetails", "IFlagEvaluationDetails.matchedAllocation"],
      growthbook: ["GrowthBook.evalFeature"],
      amplitude: ["Variant.metadata"],
      posthog: ["PostHog.getFeatureFlagResult"],
    },
  },
  {
    feature: "all flags of a subject",
    names: {
      amplitude: ["LocalEvaluationClient.evaluateV2"],
      posthog: ["PostHog.getAllFlags", "PostHog.evaluateFlags"],
    },
  },
  {
    feature: "evaluation by the vendor's server",
    names: {
      growthbook: ["Options.remoteEval"],
      amplitude: ["RemoteEvaluationClient.fetchV2"],
      posthog: ["PostHog.getFeatureFlag"],
    },
  },
  {
    feature: "experiments written in code",
    names: { growthbook: ["GrowthBook.run", "GrowthBookClient.runInlineExperiment"] },
  },
  {
    feature: "contextual bandits",
    names: {
      eppo: ["EppoClient.getBanditAction", "EppoClient.getBestAction"],
      growthbook: ["Options.contextualBandits", "ClientOptions.contextualBandits"],
    },
  },
  {
    feature: "accounts and other groups",
    names: {
      amplitude: ["ExperimentUser.groups", "ExperimentUser.group_properties"],
      posthog: ["PostHog.groupIdentify", "BaseFlagEvaluationOptions.groups"],
    },
  },
  {
    feature: "cohorts, saved groups",
    names: {
      growthbook: ["Options.savedGroups"],
      amplitude: ["LocalEvaluationConfig.cohortSyncConfig"],
      posthog: ["FlagDefinitionCacheData.cohorts"],
    },
  },
  {
    feature: "sticky assignment",
    names: { growthbook: ["Options.stickyBucketService", "RedisStickyBucketService"] },
  },
  {
    feature: "overrides for tests and reviews",
    names: {
      eppo: ["EppoClient.withOverrides", "EppoClient.setOverrideStore"],
      growthbook: ["GrowthBook.setForcedFeatures", "GrowthBook.setForcedVariations"],
      posthog: ["PostHog.overrideFeatureFlags"],
    },
  },
  {
    feature: "exposures to a logger or service",
    names: {
      eppo: ["IAssignmentLogger.logAssignment", "IBanditLogger.logBanditAction"],
      growthbook: ["Options.trackingCallback", "ClientOptions.trackingCallback"],
      amplitude: ["LocalEvaluationConfig.exposureConfig", "EvaluateOptions.tracksExposure"],
      posthog: ["PostHog.options.sendFeatureFlagEvent"],
    },
  },
  {
    feature: "assignment caches",
    names: {
      eppo: [
        "EppoClient.useLRUInMemoryAssignmentCache",
        "EppoClient.useNonExpiringInMemoryAssignmentCache",
        "EppoClient.useCustomAssignmentCache",
        "EppoClient.disableAssignmentCache",
      ],
      growthbook: ["GrowthBookTrackingOptions.dedupeCacheSize"],
      posthog: ["PostHog.options.maxCacheSize"],
    },
  },
  {
    feature: "polling",
    names: {
      eppo: ["IClientConfig.pollingIntervalMs", "EppoClient.stopPolling"],
      growthbook: ["InitOptions.pollingInterval"],
      amplitude: ["LocalEvaluationConfig.flagConfigPollingIntervalMillis"],
      posthog: ["PostHog.options.featureFlagsPollingInterval"],
    },
  },
  {
    feature: "streaming",
    names: {
      growthbook: ["InitOptions.streaming"],
      amplitude: ["LocalEvaluationConfig.streamUpdates"],
    },
  },
  {
    feature: "flags that are at hand",
    names: {
      eppo: ["EppoClient.setFlagConfigurationStore"],
      growthbook: ["GrowthBook.initSync", "GrowthBook.setPayload"],
      amplitude: ["LocalEvaluationConfig.bootstrap"],
      posthog: ["PostHog.options.flagDefinitionCacheProvider"],
    },
  },
  {
    feature: "precomputed answers for a browser",
    names: { eppo: ["EppoClient.getPrecomputedConfiguration"] },
  },
  { feature: "encrypted payloads", names: { growthbook: ["Options.decryptionKey"] } },
  {
    feature: "plugins",
    names: { growthbook: ["Options.plugins", "growthbookTrackingPlugin"] },
  },
  {
    feature: "analytics events",
    names: {
      eppo: ["EppoClient.track"],
      growthbook: ["GrowthBook.logEvent"],
      posthog: ["PostHog.capture", "PostHog.identify", "PostHog.alias"],
    },
  },
  {
    feature: "contexts of a request",
    names: {
      growthbook: ["GrowthBookClient.createScopedInstance"],
      posthog: ["PostHog.withContext", "setupExpressRequestContext"],
    },
  },
  {
    feature: "identity in cookies",
    names: {
      growthbook: ["ExpressCookieStickyBucketService"],
      amplitude: ["AmplitudeCookie"],
      posthog: ["readPostHogCookie"],
    },
  },
  {
    feature: "error tracking",
    names: { posthog: ["PostHog.captureException", "setupExpressErrorHandler"] },
  },
  {
    feature: "logs, spans, metrics",
    names: { posthog: ["PostHog.captureLog", "PostHog.metrics"] },
  },
  { feature: "AI capture", names: { posthog: ["PostHog.captureAi"] } },
  { feature: "e-mails", names: { posthog: ["PostHog.emails"] } },
  { feature: "surveys", names: { posthog: ["PostHog.getSurveysStateless"] } },
  {
    feature: "changes of a page",
    names: {
      growthbook: ["Options.experiments", "Options.renderer"],
    },
  },
  {
    feature: "a transport of one's own",
    names: {
      growthbook: ["setPolyfills"],
      amplitude: ["LocalEvaluationConfig.httpAgent", "RemoteEvaluationConfig.httpAgent"],
      posthog: ["PostHog.options.fetch"],
    },
  },
  {
    feature: "a log of one's own",
    names: {
      eppo: ["EppoClient.setLogger"],
      growthbook: ["Options.log"],
      amplitude: ["LocalEvaluationConfig.loggerProvider"],
      posthog: ["PostHog.debug"],
    },
  },
  {
    feature: "the end: stop, flush",
    names: {
      eppo: ["EppoClient.stopPolling"],
      growthbook: ["GrowthBook.destroy"],
      amplitude: ["LocalEvaluationClient.stop"],
      posthog: ["PostHog.shutdown", "PostHog.flush"],
    },
  },
];

/** Order of the columns. */
export const VENDORS = /** @type {const} */ (["eppo", "growthbook", "amplitude", "posthog"]);

/**
 * Returns the rows of the table: the feature, and a cell for each vendor.
 *
 * @param {Readonly<Record<string, readonly Surface[]>>} surfaces - by vendor; the lists of each of its entries.
 * @returns {string[][]}
 */
export function featureRows(surfaces) {
  return FEATURES.map(({ feature, names }) => [
    feature,
    ...VENDORS.map((vendor) => cellOf(names[vendor], surfaces[vendor] ?? [])),
  ]);
}

/**
 * @param {readonly string[] | undefined} names
 * @param {readonly Surface[]} surfaces
 */
function cellOf(names, surfaces) {
  if (names === undefined) return "–";
  const found = names.map((name) => classOf(name, surfaces));
  const reasons = [...new Set(found.flatMap(({ reason }) => (reason === null ? [] : [reason])))];
  const classes = new Set(found.map(({ kind }) => kind));
  if (classes.size === 1 && classes.has("works")) return "works";
  const kind = classes.size === 1 && classes.has("not there") ? "not there" : "differs";
  return `**${kind}**: ${reasons.join("; ")}`;
}

/**
 * Exact names win over `Type.*`, as in the tests of the lists.
 *
 * @param {string} name
 * @param {readonly Surface[]} surfaces
 * @returns {{ kind: "works" | "differs" | "not there", reason: string | null }}
 */
function classOf(name, surfaces) {
  /** @param {(entry: string) => boolean} matches */
  const find = (matches) => {
    for (const { works, differs, notThere } of surfaces) {
      if (works.some(matches)) return { kind: /** @type {const} */ ("works"), reason: null };
      for (const [kind, list] of /** @type {const} */ ([
        ["differs", differs],
        ["not there", notThere],
      ])) {
        const entry = Object.keys(list).find(matches);
        if (entry !== undefined) return { kind, reason: list[entry] ?? null };
      }
    }
    return null;
  };
  const found =
    find((entry) => entry === name) ??
    find((entry) => entry.endsWith("*") && name.startsWith(entry.slice(0, -1)));
  if (found === null) throw new Error(`${name} is in no list of its vendor's surface`);
  return found;
}
