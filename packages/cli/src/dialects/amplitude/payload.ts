import { cohortPart } from "@sortition/amplitude/dialect";
import { DecodeError } from "@sortition/core";
import { parseJson, unexpected } from "@sortition/core/dialect";
import { type PayloadFile, payloadError } from "../../evaluate/payload-file.js";
import { isJsonObject } from "../../evaluate/request.js";

/** The parts of a configuration: the flags, and each cohort. */
export type PayloadParts = Readonly<Record<string, Uint8Array | string>>;

/**
 * Reads the parts of a file: an array of flags, or `{ "flags": […], "cohorts": […] }`.
 *
 * @throws FileError that names the malformed member.
 */
export function partsOf(file: PayloadFile): PayloadParts {
  try {
    return partsOfRoot(parseJson(file.bytes, "$"), file.bytes);
  } catch (error) {
    throw error instanceof DecodeError ? payloadError(file, error) : error;
  }
}

function partsOfRoot(root: unknown, bytes: Uint8Array): PayloadParts {
  if (Array.isArray(root)) {
    return { flags: bytes };
  }
  if (!isJsonObject(root)) throw unexpected("$", "an array of flags or an object", root);
  const { cohorts = [], flags } = root;
  if (!Array.isArray(flags)) throw unexpected("$.flags", "an array", flags);
  if (!Array.isArray(cohorts)) throw unexpected("$.cohorts", "an array", cohorts);
  const parts = cohorts.map((cohort: unknown, i): [string, string] => {
    const path = `$.cohorts[${i}]`;
    if (!isJsonObject(cohort)) throw unexpected(path, "an object", cohort);
    const { cohortId } = cohort;
    if (typeof cohortId !== "string") throw unexpected(`${path}.cohortId`, "a string", cohortId);
    return [cohortPart(cohortId), JSON.stringify(cohort)];
  });
  return Object.fromEntries([["flags", JSON.stringify(flags)], ...parts]);
}
