import type { PayloadFile } from "../evaluate/payload-file.js";
import { isJsonObject } from "../evaluate/request.js";

/**
 * The dialect that a configuration appears to be of; `null` if it appears to be of none. Only the top level and the
 * first flag are read: the dialect itself reports what is wrong with the rest.
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
  if (isJsonObject(flags)) return "eppo";
  const isGrowthbook = ["features", "encryptedFeatures"].some((it) => Object.hasOwn(root, it));
  return isGrowthbook ? "growthbook" : null;
}

/** The dialects that {@link recognizeDialect} knows. */
const KNOWN: readonly string[] = ["amplitude", "eppo", "growthbook", "posthog"];

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
  return shown === name ? null : shown;
}
