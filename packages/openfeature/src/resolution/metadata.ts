import type { ResolutionMetadata } from "./resolution.js";
import type { Answered, ResolutionOptions } from "./resolve.js";

/** Which metadata a resolution has. `vendor`: only the metadata of the flag itself. */
export type MetadataScope = "all" | "vendor" | "none";

/** Returns the metadata of a resolution. Members that are `null` are left out. */
export function metadataOf(
  answered: Answered,
  { metadata = "all", omitContextId = false }: ResolutionOptions,
): ResolutionMetadata | undefined {
  if (metadata === "none") return undefined;
  const all: ResolutionMetadata = {};
  addVendors(all, answered);
  if (metadata === "vendor") return all;
  const { details, dialect, environment, revision, subjectKey } = answered;
  const { action, allocationKey, banditExposure, exposure, reason } = details;
  if (revision !== null) all["version"] = revision;
  if (environment !== null) all["flagSetId"] = environment;
  if (!omitContextId && subjectKey !== null) all["contextId"] = subjectKey;
  all["dialect"] = dialect;
  if (allocationKey !== null) all["allocation"] = allocationKey;
  if (reason === "split") all["split"] = true;
  all["exposure"] = exposure.reason;
  if (banditExposure !== undefined) {
    all["banditExposure"] = banditExposure.reason;
    if (action !== null) all["action"] = action;
  }
  return all;
}

type Members = Readonly<Record<string, unknown>>;

/** Adds the vendor's metadata of the flag. It avoids a temporary list, because it runs in every evaluation. */
function addVendors(all: ResolutionMetadata, { details, dialect }: Answered): void {
  const own = details.evaluationDetails as Members;
  switch (dialect) {
    case "eppo":
      add(all, "banditKey", own["banditKey"]);
      return;
    case "growthbook":
      add(all, "ruleId", own["ruleId"] || null);
      add(all, "experimentKey", (own["experiment"] as Members | undefined)?.["key"]);
      return;
    case "amplitude": {
      const members = (own["metadata"] ?? {}) as Members;
      for (const name of Object.keys(members)) add(all, name, members[name]);
      return;
    }
    case "posthog":
      add(all, "flagId", own["flagId"]);
      add(all, "hasExperiment", own["hasExperiment"]);
  }
}

function add(all: ResolutionMetadata, name: string, value: unknown): void {
  // Assigning to `__proto__` would not create a member.
  if (isPlain(value) && name !== "__proto__") all[name] = value;
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
