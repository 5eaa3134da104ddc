// The table of docs/features.md: what users do with a vendor's SDK, and whether our package for it does the
// same. Which names work, differ or are not there is read from the lists that the tests of the packages
// compare with the vendors' declarations.

/** Features, and the vendors' names for them. A vendor that is absent has no such feature. */
const FEATURES = {
  "on or off": {
    eppo: ["EppoClient.getBooleanAssignment"],
    growthbook: ["GrowthBook.isOn", "GrowthBookClient.isOn"],
    amplitude: ["LocalEvaluationClient.evaluateV2", "Variant.key"],
    posthog: ["PostHog.isFeatureEnabled"],
  },
  "strings, numbers, JSON": {
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
  "why a subject got a value": {
    eppo: ["EppoClient.getStringAssignmentDetails", "IFlagEvaluationDetails.matchedAllocation"],
    growthbook: ["GrowthBook.evalFeature"],
    amplitude: ["Variant.metadata"],
    posthog: ["PostHog.getFeatureFlagResult"],
  },
  "all flags of a subject": {
    amplitude: ["LocalEvaluationClient.evaluateV2"],
    posthog: ["PostHog.getAllFlags", "PostHog.evaluateFlags"],
  },
  "evaluation by the vendor's server": {
    growthbook: ["Options.remoteEval"],
    amplitude: ["RemoteEvaluationClient.fetchV2"],
    posthog: ["PostHog.getFeatureFlag"],
  },
  "experiments written in code": {
    growthbook: ["GrowthBook.run", "GrowthBookClient.runInlineExperiment"],
  },
  "contextual bandits": {
    eppo: ["EppoClient.getBanditAction", "EppoClient.getBestAction"],
    growthbook: ["Options.contextualBandits", "ClientOptions.contextualBandits"],
  },
  "accounts and other groups": {
    amplitude: ["ExperimentUser.groups", "ExperimentUser.group_properties"],
    posthog: ["PostHog.groupIdentify", "BaseFlagEvaluationOptions.groups"],
  },
  "cohorts, saved groups": {
    growthbook: ["Options.savedGroups"],
    amplitude: ["LocalEvaluationConfig.cohortSyncConfig"],
    posthog: ["FlagDefinitionCacheData.cohorts"],
  },
  "sticky assignment": { growthbook: ["Options.stickyBucketService", "RedisStickyBucketService"] },
  "overrides for tests and reviews": {
    eppo: ["EppoClient.withOverrides", "EppoClient.setOverrideStore"],
    growthbook: ["GrowthBook.setForcedFeatures", "GrowthBook.setForcedVariations"],
    posthog: ["PostHog.overrideFeatureFlags"],
  },
  "exposures to a logger or service": {
    eppo: ["IAssignmentLogger.logAssignment", "IBanditLogger.logBanditAction"],
    growthbook: ["Options.trackingCallback", "ClientOptions.trackingCallback"],
    amplitude: ["LocalEvaluationConfig.exposureConfig", "EvaluateOptions.tracksExposure"],
    posthog: ["PostHog.options.sendFeatureFlagEvent"],
  },
  "assignment caches": {
    eppo: [
      "EppoClient.useLRUInMemoryAssignmentCache",
      "EppoClient.useNonExpiringInMemoryAssignmentCache",
      "EppoClient.useCustomAssignmentCache",
      "EppoClient.disableAssignmentCache",
    ],
    growthbook: ["GrowthBookTrackingOptions.dedupeCacheSize"],
    posthog: ["PostHog.options.maxCacheSize"],
  },
  polling: {
    eppo: ["IClientConfig.pollingIntervalMs", "EppoClient.stopPolling"],
    growthbook: ["InitOptions.pollingInterval"],
    amplitude: ["LocalEvaluationConfig.flagConfigPollingIntervalMillis"],
    posthog: ["PostHog.options.featureFlagsPollingInterval"],
  },
  streaming: {
    growthbook: ["InitOptions.streaming"],
    amplitude: ["LocalEvaluationConfig.streamUpdates"],
  },
  "flags that are at hand": {
    eppo: ["EppoClient.setFlagConfigurationStore"],
    growthbook: ["GrowthBook.initSync", "GrowthBook.setPayload"],
    amplitude: ["LocalEvaluationConfig.bootstrap"],
    posthog: ["PostHog.options.flagDefinitionCacheProvider"],
  },
  "precomputed answers for a browser": { eppo: ["EppoClient.getPrecomputedConfiguration"] },
  "encrypted payloads": { growthbook: ["Options.decryptionKey"] },
  plugins: { growthbook: ["Options.plugins", "growthbookTrackingPlugin"] },
  "analytics events": {
    eppo: ["EppoClient.track"],
    growthbook: ["GrowthBook.logEvent"],
    posthog: ["PostHog.capture", "PostHog.identify", "PostHog.alias"],
  },
  "contexts of a request": {
    growthbook: ["GrowthBookClient.createScopedInstance"],
    posthog: ["PostHog.withContext", "setupExpressRequestContext"],
  },
  "identity in cookies": {
    growthbook: ["ExpressCookieStickyBucketService"],
    amplitude: ["AmplitudeCookie"],
    posthog: ["readPostHogCookie"],
  },
  "error tracking": { posthog: ["PostHog.captureException", "setupExpressErrorHandler"] },
  "logs, spans, metrics": { posthog: ["PostHog.captureLog", "PostHog.metrics"] },
  "AI capture": { posthog: ["PostHog.captureAi"] },
  "e-mails": { posthog: ["PostHog.emails"] },
  surveys: { posthog: ["PostHog.getSurveysStateless"] },
  "changes of a page": { growthbook: ["Options.experiments", "Options.renderer"] },
  "a transport of one's own": {
    growthbook: ["setPolyfills"],
    amplitude: ["LocalEvaluationConfig.httpAgent", "RemoteEvaluationConfig.httpAgent"],
    posthog: ["PostHog.options.fetch"],
  },
  "a log of one's own": {
    eppo: ["EppoClient.setLogger"],
    growthbook: ["Options.log"],
    amplitude: ["LocalEvaluationConfig.loggerProvider"],
    posthog: ["PostHog.debug"],
  },
  "the end: stop, flush": {
    eppo: ["EppoClient.stopPolling"],
    growthbook: ["GrowthBook.destroy"],
    amplitude: ["LocalEvaluationClient.stop"],
    posthog: ["PostHog.shutdown", "PostHog.flush"],
  },
};

/** Order of the columns. */
const VENDORS = ["eppo", "growthbook", "amplitude", "posthog"];

/** The rows of the table: the feature, and a cell for each vendor, given the lists of each of its entries. */
export function featureRows(surfaces) {
  return Object.entries(FEATURES).map(([feature, names]) => [
    feature,
    ...VENDORS.map((vendor) => cellOf(names[vendor], surfaces[vendor] ?? [])),
  ]);
}

function cellOf(names, surfaces) {
  if (names === undefined) return "–";
  const found = names.map((name) => classOf(name, surfaces));
  const reasons = [...new Set(found.flatMap(({ reason }) => (reason === null ? [] : [reason])))];
  const classes = new Set(found.map(({ kind }) => kind));
  if (classes.size === 1 && classes.has("works")) return "works";
  const kind = classes.size === 1 && classes.has("not there") ? "not there" : "differs";
  return `**${kind}**: ${reasons.join("; ")}`;
}

/** Exact names win over `Type.*`, as in the tests of the lists. */
function classOf(name, surfaces) {
  const entries = surfaces.flatMap(entriesOf);
  const found =
    entries.find((entry) => entry.name === name) ??
    entries.find(({ name: it }) => it.endsWith("*") && name.startsWith(it.slice(0, -1)));
  if (found === undefined) throw new Error(`${name} is in no list of its vendor's surface`);
  return found;
}

function entriesOf({ works, differs, notThere }) {
  return [
    ...works.map((name) => ({ name, kind: "works", reason: null })),
    ...Object.entries(differs).map(([name, reason]) => ({ name, kind: "differs", reason })),
    ...Object.entries(notThere).map(([name, reason]) => ({ name, kind: "not there", reason })),
  ];
}
