import type { PayloadFile } from "../evaluate/payload-file.js";
import { isJsonObject, type JsonObject, RequestError } from "../evaluate/request.js";

/**
 * Guesses the dialect of a configuration; `null` if the format is unknown. Only members that distinguish the formats
 * are read. The dialect itself reports any other problem.
 */
export function recognizeDialect(root: unknown): string | null {
  if (Array.isArray(root)) return "amplitude";
  if (!isJsonObject(root)) return null;
  const { cohorts, feature_gates: gates, flags } = root;
  if (gates !== undefined) return Array.isArray(gates) ? "statsig-legacy" : "statsig";
  if (Array.isArray(flags)) {
    const isPosthog =
      Object.hasOwn(root, "group_type_mapping") ||
      isJsonObject(cohorts) ||
      flags.some(
        (it) => isJsonObject(it) && (Object.hasOwn(it, "filters") || Object.hasOwn(it, "active")),
      );
    return isPosthog ? "posthog" : "amplitude";
  }
  if (isJsonObject(flags) && isLaunchdarkly(flags)) return "launchdarkly";
  if (isJsonObject(flags)) return hasTotalsInShards(flags) ? "datadog" : "eppo";
  const { data } = root;
  if (isJsonObject(data) && data["type"] === "universal-flag-configuration") return "datadog";
  const isGrowthbook = ["features", "encryptedFeatures"].some((it) => Object.hasOwn(root, it));
  return isGrowthbook ? "growthbook" : null;
}

/** Whether variations are in a list, as in LaunchDarkly's format. In the formats of Eppo and Datadog, they are named. */
function isLaunchdarkly(flags: JsonObject): boolean {
  return Object.values(flags).some((it) => isJsonObject(it) && Array.isArray(it["variations"]));
}

/** Whether shards have `totalShards`, as in Datadog's format. In Eppo's format, flags have it. */
function hasTotalsInShards(flags: JsonObject): boolean {
  for (const flag of Object.values(flags)) {
    if (hasTotal(flag)) return false;
    const splits = listIn(flag, "allocations").flatMap((it) => listIn(it, "splits"));
    if (splits.flatMap((it) => listIn(it, "shards")).some(hasTotal)) return true;
  }
  return false;
}

function hasTotal(value: unknown): boolean {
  return isJsonObject(value) && Object.hasOwn(value, "totalShards");
}

function listIn(value: unknown, member: string): readonly unknown[] {
  const list = isJsonObject(value) ? value[member] : null;
  return Array.isArray(list) ? list : [];
}

/** The dialects that {@link recognizeDialect} knows. */
const KNOWN: readonly string[] = [
  ...["amplitude", "datadog", "eppo", "growthbook", "launchdarkly", "posthog"],
  ...["statsig", "statsig-legacy"],
];

/** Members of the lists of vendors' REST APIs, and what to pass instead. */
export const REST_LISTS: readonly (readonly [member: string, vendor: string, instead: string])[] = [
  ["features", "GrowthBook", "https://cdn.growthbook.io/api/features/CLIENT_KEY"],
  [
    "results",
    "PostHog",
    "https://us.i.posthog.com/flags/definitions?token=PROJECT_KEY&send_cohorts, requested with the secret key",
  ],
  [
    "items",
    "LaunchDarkly",
    "https://sdk.launchdarkly.com/sdk/latest-all, requested with the SDK key",
  ],
];

/** @throws SyntaxError */
export function parseJson(bytes: Buffer): unknown {
  return JSON.parse(bytes.toString("utf8").replace(/^\ufeff/, ""));
}

/**
 * Returns the dialect that a configuration clearly has instead of the named one; `null` if it may have the named
 * dialect or is not JSON.
 */
export function otherDialect({ bytes }: PayloadFile, name: string): string | null {
  let root: unknown;
  try {
    root = parseJson(bytes);
  } catch {
    return null; // the dialect reports the syntax error
  }
  const flags = isJsonObject(root) ? root["flags"] : root;
  // A configuration without flags may have any dialect.
  if (typeof flags === "object" && flags !== null && Object.keys(flags).length === 0) return null;
  const shown = KNOWN.includes(name) ? recognizeDialect(root) : null;
  // Flags without shards look the same in both formats, apart from Eppo's `totalShards`.
  if (name === "datadog" && shown === "eppo" && !Object.values(flags as object).some(hasTotal)) {
    return null;
  }
  return shown === name ? null : shown;
}

/** The dialects of rows, by a member that only one dialect has. */
const SHOWN: ReadonlyMap<string, string> = new Map([
  ["subjectKey", "eppo"],
  ["context", "growthbook"],
  ["user", "amplitude"],
  ["distinctId", "posthog"],
]);

/** @throws RequestError if a row only has a subject in the format of another dialect. */
export function refuseOtherDialect(row: JsonObject, dialect: string): void {
  if (Object.hasOwn(row, "subjectKey") || Object.hasOwn(row, "subject")) return;
  for (const [field, other] of SHOWN) {
    if (other === dialect || !Object.hasOwn(row, field)) continue;
    throw new RequestError(
      field,
      `a subject for ${other}, but the configurations are for ${dialect}`,
    );
  }
}
