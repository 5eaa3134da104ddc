import { hintFor, OptionError, type OptionHints } from "@sortition/core/source";
import type { Reports } from "./reports.js";

/** The vendor's words, and the way out. */
export const MISSING_KEY = "Missing clientKey: is the environment variable that holds it set?";

/** How an option is treated. `idle`: accepted, without effect on a server. */
type Treatment = "works" | "idle";

const COMMON: Readonly<Record<string, Treatment>> = {
  apiHost: "works",
  streamingHost: "works",
  apiHostRequestHeaders: "works",
  streamingHostRequestHeaders: "works",
  clientKey: "works",
  decryptionKey: "works",
  disableCache: "works",
  enabled: "works",
  debug: "works",
  log: "works",
  qaMode: "works",
  trackingCallback: "works",
  onFeatureUsage: "works",
  eventLogger: "works",
  forcedVariations: "works",
  forcedFeatureValues: "works",
  savedGroups: "works",
  contextualBandits: "works",
  plugins: "works",
  source: "works",
  diagnostics: "works",
};

export const INSTANCE_OPTIONS: ReadonlyMap<string, Treatment> = new Map(
  Object.entries({
    ...COMMON,
    attributes: "works",
    url: "works",
    features: "works",
    experiments: "works",
    attributeOverrides: "works",
    blockedChangeIds: "works",
    disableVisualExperiments: "works",
    disableJsInjection: "works",
    disableUrlRedirectExperiments: "works",
    disableCrossOriginUrlRedirectExperiments: "works",
    disableExperimentsOnLoad: "works",
    stickyBucketAssignmentDocs: "works",
    stickyBucketService: "works",
    backgroundSync: "works",
    subscribeToChanges: "works",
    enableDevMode: "works",
    cacheKeyAttributes: "works",
    user: "works",
    overrides: "works",
    groups: "works",
    remoteEval: "works",
    navigate: "works",
    jsInjectionNonce: "idle",
    disableDevTools: "idle",
    renderer: "idle",
    navigateDelay: "idle",
    maxNavigateDelay: "idle",
    antiFlicker: "idle",
    antiFlickerTimeout: "idle",
    applyDomChangesCallback: "idle",
  } satisfies Record<string, Treatment>),
);

export const CLIENT_OPTIONS: ReadonlyMap<string, Treatment> = new Map(
  Object.entries({ ...COMMON, globalAttributes: "works" } satisfies Record<string, Treatment>),
);

/** Names of other SDKs of the vendor, and of arguments of calls. */
const HINTS: OptionHints = {
  page: "docs/migrate/from-growthbook-node.md",
  names: {
    apiKey: "here: clientKey",
    sdkKey: "here: clientKey",
    baseUrl: "here: apiHost",
    timeout: "an option of init()",
    streaming: "an option of init()",
    assignmentLogger: "here: trackingCallback",
    on_experiment_viewed: "here: trackingCallback",
    cacheTTL: "here: configureCache({ staleTTL }), for the process",
    cache_ttl: "here: configureCache({ staleTTL }), for the process",
  },
};

/** Options that say where the vendor's requests go. */
const CONNECTION_OPTIONS = ["apiHost", "streamingHost", "clientKey", "remoteEval"] as const;

/**
 * Warns of options without effect, and of unknown ones.
 *
 * @throws OptionError if a `source` is given together with a host or a key.
 */
export function checkOptions(
  options: object,
  known: ReadonlyMap<string, Treatment>,
  reports: () => Reports,
): void {
  for (const name in options) {
    const treatment = known.get(name);
    if (treatment === "works") continue;
    // An object of the caller: its own members by name.
    const value = (options as Record<string, unknown>)[name];
    if (value === undefined || value === null) continue;
    const option = { option: name };
    if (treatment === "idle") reports().warn("option without effect on a server", option);
    else {
      reports().warn(`unknown option ${name}${hintFor(name, known.keys(), HINTS)}`, option);
    }
  }
  if ((options as { source?: unknown }).source !== undefined) checkSourceAlone(options);
}

function checkSourceAlone(options: object): void {
  for (const name of CONNECTION_OPTIONS) {
    if ((options as Record<string, unknown>)[name] === undefined) continue;
    throw new OptionError(name, "not together with a source: the instance makes no requests");
  }
}
