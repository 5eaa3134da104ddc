import { DecodeError, isDecodeError } from "../errors/errors.js";
import type { PayloadSet } from "../model/configuration.js";
import { textOf } from "../runtime/text.js";

/** Adds the dialect that an unusable payload seems to be in to its error. Returns any other error unchanged. */
export function namingVendor(error: unknown, payloads: PayloadSet, dialect: string): unknown {
  if (!isDecodeError(error) || !error.isJson) return error;
  const { part, path, problem } = error;
  const payload = payloads.find((it) => part === null || it.part === part);
  const vendors = payload === undefined ? [] : vendorsOf(payload.bytes);
  if (vendors.length === 0 || vendors.some((it) => dialect.startsWith(it))) return error;
  const dialects = vendors.map((it) => `${it}()`).join(" or ");
  const advice = `it is a payload of ${vendors.join(" or ")}: pass dialect: ${dialects}`;
  // The error itself has the members of the options: cause, part and isJson.
  return new DecodeError(path, `${problem}; ${advice}`, error);
}

/** Returns the vendors whose payloads have this form. */
function vendorsOf(bytes: Uint8Array): readonly string[] {
  try {
    const content: unknown = JSON.parse(textOf(bytes));
    if (Array.isArray(content)) return content.length > 0 ? ["amplitude"] : [];
    const { feature_gates, features, flags, segments } = Object(content);
    if (Array.isArray(flags)) return ["posthog"];
    if (features !== undefined) return ["growthbook"];
    if (feature_gates !== undefined) return ["statsig"];
    if (flags === undefined) return [];
    return segments === undefined ? ["eppo", "datadog"] : ["launchdarkly"];
  } catch {
    return [];
  }
}
