import {
  DOCUMENTATION_URL,
  foreignAdvice,
  hintFor,
  OptionError,
  type OptionHints,
} from "@sortition/core/internal";
import type { ClientOptionsWithoutPlugins, OptionsWithoutPlugins } from "../client/options.js";
import { keyProblem } from "../dialect/addresses.js";
import type { Reports } from "./reports.js";

/** The vendor's message, with a hint. */
export const MISSING_KEY = "Missing clientKey: is the environment variable that holds it set?";

/**
 * How an option is treated. An `idle` option is accepted, but has no effect on a server. Of a `boolean` or a `function`, a
 * value of another type, such as `"false"`, is replaced with the default.
 */
type Treatment = "works" | "idle" | "boolean" | "function";

const BOOLEANS: readonly string[] = [
  ...["enabled", "debug", "qaMode", "disableCache", "enableDevMode", "remoteEval"],
  ...["disableVisualExperiments", "disableJsInjection", "disableUrlRedirectExperiments"],
  ...["disableCrossOriginUrlRedirectExperiments", "disableExperimentsOnLoad"],
  ...["backgroundSync", "subscribeToChanges"],
];
const FUNCTIONS: readonly string[] = [
  ...["trackingCallback", "onFeatureUsage", "eventLogger", "log", "navigate", "renderer"],
];

/** Options of both instances and clients. */
const COMMON: readonly (keyof ClientOptionsWithoutPlugins | "plugins")[] = [
  ...(["apiHost", "streamingHost", "apiHostRequestHeaders"] as const),
  ...(["streamingHostRequestHeaders", "clientKey", "decryptionKey", "disableCache"] as const),
  ...(["enabled", "debug", "log", "qaMode", "trackingCallback", "onFeatureUsage"] as const),
  ...(["eventLogger", "forcedVariations", "forcedFeatureValues", "savedGroups"] as const),
  ...(["contextualBandits", "plugins", "source", "diagnostics", "onEvaluation"] as const),
];
/** Options of instances only. */
const INSTANCE: readonly (keyof OptionsWithoutPlugins)[] = [
  ...(["attributes", "url", "features", "experiments", "attributeOverrides"] as const),
  ...(["blockedChangeIds", "disableVisualExperiments", "disableJsInjection"] as const),
  ...(["disableUrlRedirectExperiments", "disableCrossOriginUrlRedirectExperiments"] as const),
  ...(["disableExperimentsOnLoad", "stickyBucketAssignmentDocs", "stickyBucketService"] as const),
  ...(["backgroundSync", "subscribeToChanges", "enableDevMode", "cacheKeyAttributes"] as const),
  ...(["user", "overrides", "groups", "remoteEval", "navigate", "renderer"] as const),
];
const IDLE: readonly (keyof OptionsWithoutPlugins)[] = [
  ...(["jsInjectionNonce", "disableDevTools", "navigateDelay"] as const),
  ...(["maxNavigateDelay", "antiFlicker", "antiFlickerTimeout"] as const),
  "applyDomChangesCallback",
];

export const INSTANCE_OPTIONS: ReadonlyMap<string, Treatment> = treatments(
  [...COMMON, ...INSTANCE],
  IDLE,
);
export const CLIENT_OPTIONS: ReadonlyMap<string, Treatment> = treatments(
  [...COMMON, "globalAttributes"],
  [],
);

function treatments(
  works: readonly string[],
  idle: readonly string[],
): ReadonlyMap<string, Treatment> {
  const all = new Map<string, Treatment>();
  for (const name of works) all.set(name, "works");
  for (const name of BOOLEANS) if (all.has(name)) all.set(name, "boolean");
  for (const name of FUNCTIONS) if (all.has(name)) all.set(name, "function");
  for (const name of idle) all.set(name, "idle");
  return all;
}

/** Option names of other SDKs by the same vendor, and names of call arguments. */
const HINTS: OptionHints = {
  page: `${DOCUMENTATION_URL}/vendors/growthbook.md`,
  foreign: foreignAdvice,
  names: {
    apiKey: "use clientKey",
    sdkKey: "use clientKey",
    baseUrl: "use apiHost",
    timeout: "an option of init()",
    streaming: "an option of init()",
    enableDevMode: "set it in the user context: { attributes, enableDevMode: true }",
    assignmentLogger: "use trackingCallback",
    attributes: "pass them with each call: isOn(key, { attributes })",
    user: "pass it with each call: isOn(key, { attributes: { id } })",
    userId: "part of the attributes: { id }",
    on_experiment_viewed: "use trackingCallback",
    cacheTTL: "use configureCache({ staleTTL }), which applies to the whole process",
    cache_ttl: "use configureCache({ staleTTL }), which applies to the whole process",
  },
};

/** Options that determine the address of the vendor's requests. */
const CONNECTION_OPTIONS = ["apiHost", "streamingHost", "clientKey", "remoteEval"] as const;

/**
 * Warns about options without effect, unknown options, and values of another type.
 *
 * @returns the options, or a copy without the values of another type.
 * @throws OptionError if `source` is combined with a host or a key.
 */
export function checkOptions<Options extends object>(
  options: Options,
  known: ReadonlyMap<string, Treatment>,
  reports: () => Reports,
): Options {
  let used = options;
  for (const name in options) {
    const treatment = known.get(name);
    if (treatment === "works") continue;
    const value: unknown = options[name];
    if (value === undefined || value === null || typeof value === treatment) continue;
    const option = { option: name };
    if (treatment === "idle") reports().warn("option without effect on a server", option);
    else if (treatment === undefined) {
      reports().warn(`unknown option ${name}${hintFor(name, known.keys(), HINTS)}`, option);
    } else {
      reports().warn(`option ${name}: expected a ${treatment}; its default is used`, option);
      used = { ...used, [name]: undefined };
    }
  }
  warnOfAddress(options, reports);
  for (const name of ["features", "experiments"] as const) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (typeof value === "string") reports().warn(`${name} are a string: pass JSON.parse(${name})`);
  }
  if (isPayload((options as { readonly features?: unknown }).features)) {
    reports().warn('features is a whole payload: pass its member "features"');
  }
  const { stickyBucketService: service } = options as { readonly stickyBucketService?: unknown };
  if (typeof service === "function") {
    reports().warn("stickyBucketService is a function: call it, as in fleet.stickyBuckets()");
  }
  if ((options as { source?: unknown }).source !== undefined) checkSourceAlone(options);
  return used;
}

/** The vendor's class accepts both, and sends its requests to its cloud, or a secret key in their URL. */
function warnOfAddress(options: ConnectionOptions, reports: () => Reports): void {
  const { clientKey } = options;
  const problem = typeof clientKey === "string" ? keyProblem(clientKey) : null;
  if (problem !== null) reports().warn(`clientKey ${problem}`);
  for (const name of ["apiHost", "streamingHost"] as const) {
    const host = options[name];
    if (typeof host !== "string" || host.trim() !== "") continue;
    const advice = "is the environment variable that holds it set?";
    reports().warn(`${name} is blank, so its default is used: ${advice}`);
  }
}

type ConnectionOptions = Readonly<
  Partial<Record<"apiHost" | "streamingHost" | "clientKey", unknown>>
>;

function checkSourceAlone(options: object): void {
  for (const name of CONNECTION_OPTIONS) {
    if ((options as Record<string, unknown>)[name] === undefined) continue;
    throw new OptionError(
      name,
      "cannot be combined with source, because the instance then makes no requests",
    );
  }
}

/** Whether the features are the body of a response, which has a member `features` with features. */
function isPayload(features: unknown): boolean {
  const inner = Object(Object(features).features);
  const isFeature = "defaultValue" in inner || "rules" in inner;
  return !isFeature && Object.values(inner).some((it) => typeof it === "object");
}
