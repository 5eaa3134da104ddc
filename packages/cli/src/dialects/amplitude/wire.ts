import type { AmplitudeConfiguration } from "@sortition/amplitude/dialect";
import type { Configuration } from "@sortition/core";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";

/** A flag as received; empty if it is not an object. */
export function wireOf(configuration: Configuration, flagKey: string): JsonObject {
  const { raw } = configuration as AmplitudeConfiguration; // of this dialect
  try {
    const wire = raw.read(flagKey, "$");
    return isJsonObject(wire) ? wire : {};
  } catch {
    return {}; // invalid JSON is already reported as the flag's error
  }
}
