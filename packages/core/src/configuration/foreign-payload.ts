import { DecodeError, isDecodeError } from "../errors/errors.js";
import type { Payload, PayloadSet } from "../model/configuration.js";
import { textOf } from "../runtime/text.js";

/** Names of our vendors and of their dialects' factories, with the entry that exports them, by the name of the dialect. */
const FORMATS = {
  amplitude: ["Amplitude", "amplitude() from @sortition/amplitude/dialect"],
  datadog: ["Datadog", "datadog() from @sortition/datadog/dialect"],
  eppo: ["Eppo", "eppo() from @sortition/core/eppo"],
  growthbook: ["GrowthBook", "growthbook() from @sortition/growthbook/dialect"],
  launchdarkly: ["LaunchDarkly", "launchdarkly() from @sortition/launchdarkly/dialect"],
  posthog: ["PostHog", "posthog() from @sortition/posthog/dialect"],
  statsig: ["Statsig", "statsig() from @sortition/statsig/dialect"],
  "statsig-legacy": ["Statsig", "statsigLegacy() from @sortition/statsig/dialect"],
} as const;

/** A larger payload is not parsed again, because this would block the event loop for too long. */
const MAX_BYTES = 1_048_576;

/** Adds the vendor that an unusable payload clearly belongs to to its error. Returns any other error unchanged. */
export function namingVendor(error: unknown, payloads: PayloadSet, dialect: string): unknown {
  if (!isDecodeError(error) || !error.isJson) return error;
  const { part, path, problem } = error;
  const advice = foreignAdvice(
    payloads.filter((it) => part === null || it.part === part),
    dialect,
  );
  if (advice === null || / \(?use \w+\(\)/.test(problem)) return error;
  // The error itself has the members of the options: cause, part and isJson.
  return new DecodeError(path, `${problem}; ${advice}`, error);
}

/** Returns the dialect to use if a payload clearly belongs to another vendor than the dialect; otherwise `null`. */
function foreignAdvice(payloads: PayloadSet, dialect: string): string | null {
  if (!Object.hasOwn(FORMATS, dialect)) return null;
  for (const payload of payloads) {
    const format = formatOf(payload);
    if (format === null) continue;
    const [vendor, factory] = FORMATS[format];
    return format === dialect
      ? null
      : `this looks like ${vendor}'s payload: use the dialect ${format}, ${factory}`;
  }
  return null;
}

/** Only members that one format has decide. A payload without flags may have any format. */
function formatOf({ bytes, items }: Payload): keyof typeof FORMATS | null {
  if (items !== undefined || bytes.length > MAX_BYTES) return null;
  let root: unknown;
  try {
    root = JSON.parse(textOf(bytes));
  } catch {
    return null; // damage inside a flag
  }
  if (Array.isArray(root)) return hasFlagWith(root, "variants") ? "amplitude" : null;
  const { data, dynamic_configs, encryptedFeatures, feature_gates, features, flags } = Object(root);
  if (Object(data).type === "universal-flag-configuration") return "datadog";
  if (feature_gates !== undefined && dynamic_configs !== undefined) {
    return Array.isArray(feature_gates) ? "statsig-legacy" : "statsig";
  }
  const areFeatures = ["defaultValue", "rules"].some((it) => hasFlagWith(features, it));
  if (areFeatures || typeof encryptedFeatures === "string") return "growthbook";
  if (Array.isArray(flags)) return hasFlagWith(flags, "filters") ? "posthog" : null;
  if (hasFlagWith(flags, "fallthrough")) return "launchdarkly";
  if (!hasFlagWith(flags, "allocations")) return null;
  return hasFlagWith(flags, "totalShards") ? "eppo" : "datadog";
}

/** Whether one of the flags, in a list or by key, has this member. */
function hasFlagWith(flags: unknown, member: string): boolean {
  return Object.values(Object(flags)).some((it) => Object.hasOwn(Object(it), member));
}
