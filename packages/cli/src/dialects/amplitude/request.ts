import type { ExperimentUser } from "@sortition/amplitude/dialect";
import {
  fieldNames,
  isJsonObject,
  type JsonObject,
  refuseUnknownFields,
  unexpected,
} from "../../evaluate/request.js";

/** A call of the local evaluation. */
export interface AmplitudeRequest {
  readonly user: ExperimentUser;
  /** Absent: all flags. */
  readonly flagKeys: readonly string[] | undefined;
  /** Whether it is the deprecated call, which drops default variants. */
  readonly isDeprecatedCall: boolean;
  readonly tracksExposure: boolean;
}

const FIELDS = fieldNames("user", "flagKeys", "method", "tracksExposure");

/** @throws RequestError that names the field. */
export function readRequest(fields: JsonObject): AmplitudeRequest {
  refuseUnknownFields(fields, FIELDS);
  const { flagKeys, method = "evaluateV2", tracksExposure = false, user } = fields;
  if (!isJsonObject(user)) throw unexpected("user", "an object", user);
  if (method !== "evaluateV2" && method !== "evaluate") {
    throw unexpected("method", "evaluateV2 or evaluate", method);
  }
  if (typeof tracksExposure !== "boolean") {
    throw unexpected("tracksExposure", "a boolean", tracksExposure);
  }
  return {
    user, // members may have any type, as in the vendor's SDK
    flagKeys: flagKeys === undefined ? undefined : readKeys(flagKeys),
    isDeprecatedCall: method === "evaluate",
    tracksExposure,
  };
}

function readKeys(keys: unknown): readonly string[] {
  if (!Array.isArray(keys)) throw unexpected("flagKeys", "an array of strings", keys);
  return keys.map((key: unknown, i) => {
    if (typeof key === "string") return key;
    throw unexpected(`flagKeys[${i}]`, "a string", key);
  });
}
