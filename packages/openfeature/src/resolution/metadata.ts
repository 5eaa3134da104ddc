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

/** Adds the vendor's metadata of the flag. */
function addVendors(all: ResolutionMetadata, { details, openFeature }: Answered): void {
  const own = openFeature?.metadataOf(details.evaluationDetails) ?? {};
  for (const name of Object.keys(own)) {
    const value = own[name];
    // Assigning to `__proto__` would not create a member.
    if (isPlain(value) && name !== "__proto__") all[name] = value;
  }
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
