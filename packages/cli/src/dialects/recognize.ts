import { isJsonObject } from "../evaluate/request.js";

/**
 * The dialect whose configurations look like this one; `null` if none does. It looks at the top level and
 * the first flag only: the dialect itself says what is wrong with the rest.
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
