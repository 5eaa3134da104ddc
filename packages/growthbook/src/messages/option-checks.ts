import { explainedOn, hintFor, OptionError, unknownOptions } from "@sortition/core/internal";
import type {
  ClientOptionsWithoutPlugins,
  InitOptions,
  OptionsWithoutPlugins,
} from "../client/options.js";
import { keyProblem } from "../dialect/addresses.js";
import type { Reports } from "./reports.js";

/** The vendor's message, with a hint. */
export const MISSING_KEY = "Missing clientKey: is the environment variable that holds it set?";

/**
 * How an option is treated. With `boolean` or `function`, a value of another type, such as `"false"`, is replaced with
 * the default.
 */
type Treatment = "works" | "boolean" | "function";

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
  // On a server, these have no effect.
  ...(["jsInjectionNonce", "disableDevTools", "navigateDelay", "maxNavigateDelay"] as const),
  ...(["antiFlicker", "antiFlickerTimeout", "applyDomChangesCallback"] as const),
];
const INIT: readonly (keyof InitOptions)[] = [
  ...(["timeout", "skipCache", "payload", "streaming"] as const),
  ...(["pollingInterval", "cacheSettings"] as const),
];

export const INSTANCE_OPTIONS: ReadonlyMap<string, Treatment> = treatments([
  ...COMMON,
  ...INSTANCE,
]);
export const CLIENT_OPTIONS: ReadonlyMap<string, Treatment> = treatments([
  ...COMMON,
  "globalAttributes",
]);

function treatments(names: readonly string[]): ReadonlyMap<string, Treatment> {
  const treatmentOf = (name: string): Treatment =>
    BOOLEANS.includes(name) ? "boolean" : FUNCTIONS.includes(name) ? "function" : "works";
  return new Map(names.map((name) => [name, treatmentOf(name)]));
}

const HINTS = /* @__PURE__ */ explainedOn("/vendors/growthbook.md");

/** Options that determine the address of the vendor's requests. */
const CONNECTION_OPTIONS = ["apiHost", "streamingHost", "clientKey", "remoteEval"] as const;

/**
 * Warns about unknown options, and values of another type.
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
    if (treatment === undefined) {
      reports().warn(`${name}: unknown option${hintFor(name, known.keys(), HINTS())}`, option);
    } else {
      reports().warn(`option ${name}: expected a ${treatment}; its default is used`, option);
      used = { ...used, [name]: undefined };
    }
  }
  warnOfAddress(options, reports);
  if ((options as { source?: unknown }).source !== undefined) checkSourceAlone(options);
  return used;
}

/** Warns about unknown options of `init`. */
export function checkInitOptions(options: object, reports: Reports): void {
  for (const { hint, option } of unknownOptions(options, INIT, HINTS)) {
    reports.warn(`init(): ${option}: unknown option${hint}`, { option });
  }
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
