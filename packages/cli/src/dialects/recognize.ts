import type { PayloadFile } from "../evaluate/payload-file.js";
import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/**
 * The dialect that a configuration appears to be of; `null` if it appears to be of none. Only what tells formats apart is
 * read: the dialect itself reports what is wrong with the rest.
 */
export function recognizeDialect(root: unknown): string | null {
  if (Array.isArray(root)) return "amplitude";
  if (!isJsonObject(root)) return null;
  const { cohorts, flags } = root;
  if (Array.isArray(flags)) {
    const [first] = flags as readonly unknown[];
    const isPosthog =
      Object.hasOwn(root, "group_type_mapping") ||
      isJsonObject(cohorts) ||
      (isJsonObject(first) && (Object.hasOwn(first, "filters") || Object.hasOwn(first, "active")));
    return isPosthog ? "posthog" : "amplitude";
  }
  if (isJsonObject(flags)) return hasTotalsInShards(flags) ? "datadog" : "eppo";
  const { data } = root;
  if (isJsonObject(data) && data["type"] === "universal-flag-configuration") return "datadog";
  const isGrowthbook = ["features", "encryptedFeatures"].some((it) => Object.hasOwn(root, it));
  return isGrowthbook ? "growthbook" : null;
}

/** In Eppo's format the flag has `totalShards`, in Datadog's each shard. */
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
const KNOWN: readonly string[] = ["amplitude", "datadog", "eppo", "growthbook", "posthog"];

/** The dialect that a configuration plainly has, where it is not the named one; `null`: it may be that, or is not JSON. */
export function otherDialect({ bytes }: PayloadFile, name: string): string | null {
  let root: unknown;
  try {
    root = JSON.parse(bytes.toString("utf8").replace(/^\ufeff/, ""));
  } catch {
    return null; // the dialect says what is wrong with it
  }
  const flags = isJsonObject(root) ? root["flags"] : root;
  // Without a flag it may be of any dialect.
  if (typeof flags === "object" && flags !== null && Object.keys(flags).length === 0) return null;
  const shown = KNOWN.includes(name) ? recognizeDialect(root) : null;
  // Flags without shards look the same in both formats, apart from Eppo's `totalShards`.
  if (name === "datadog" && shown === "eppo" && !Object.values(flags as object).some(hasTotal)) {
    return null;
  }
  return shown === name ? null : shown;
}
