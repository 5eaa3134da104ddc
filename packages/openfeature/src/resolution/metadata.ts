import type { ResolutionMetadata } from "./resolution.js";
import type { Answered, ResolutionOptions } from "./resolve.js";

/** Which metadata an answer has: `vendor`: only what the flag itself has. */
export type MetadataScope = "all" | "vendor" | "none";

/** The metadata of an answer, without what is `null`. */
export function metadataOf(
  answered: Answered,
  { metadata = "all", omitContextId = false }: ResolutionOptions,
): ResolutionMetadata | undefined {
  if (metadata === "none") return undefined;
  const all: ResolutionMetadata = {};
  for (const [name, value] of vendorsOf(answered)) {
    // An assignment to `__proto__` makes no member.
    if (isPlain(value) && name !== "__proto__") all[name] = value;
  }
  if (metadata === "vendor") return all;
  const { details, dialect, environment, revision, subjectKey } = answered;
  const { action, allocationKey, banditExposure, exposure, how } = details;
  if (revision !== null) all["version"] = revision;
  if (environment !== null) all["flagSetId"] = environment;
  if (!omitContextId && subjectKey !== null) all["contextId"] = subjectKey;
  all["dialect"] = dialect;
  if (allocationKey !== null) all["allocation"] = allocationKey;
  if (how === "split") all["split"] = true;
  all["exposure"] = exposure.reason;
  if (banditExposure !== undefined) {
    all["banditExposure"] = banditExposure.reason;
    if (action !== null) all["action"] = action;
  }
  return all;
}

type Members = Readonly<Record<string, unknown>>;

/** What the vendor's record has of the flag. */
function vendorsOf({ details, dialect }: Answered): readonly (readonly [string, unknown])[] {
  const own = details.evaluationDetails as Members;
  switch (dialect) {
    case "eppo":
      return [["banditKey", own["banditKey"]]];
    case "growthbook":
      return [
        ["ruleId", own["ruleId"] || null],
        ["experimentKey", (own["experiment"] as Members | undefined)?.["key"]],
      ];
    case "amplitude":
      return Object.entries((own["metadata"] ?? {}) as object);
    case "posthog":
      return [
        ["flagId", own["flagId"]],
        ["hasExperiment", own["hasExperiment"]],
      ];
    default:
      return [];
  }
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
