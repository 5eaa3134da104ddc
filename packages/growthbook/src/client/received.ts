import { type CompileOptions, GIVEN, UNREPORTED } from "../dialect/malformed.js";
import { ObjectFeatures } from "../dialect/object-features.js";
import type { FeatureApiResponse } from "../model/payload.js";

/** Features and experiments of payloads that the library parsed, which several instances may share. */
const received = new WeakSet<object>();

/** Remembers that a payload was received, and not handed in by the caller. */
export function markReceived(payload: FeatureApiResponse): FeatureApiResponse {
  for (const part of [payload.features, payload.experiments]) {
    // Malformed ones may be anything.
    if (typeof part === "object" && part !== null) received.add(part);
  }
  return payload;
}

/** How features and experiments are compiled: values of received ones are copied for each caller. */
export function optionsFor(part: object | undefined): CompileOptions {
  return part !== undefined && received.has(part) ? UNREPORTED : GIVEN;
}

/** The features of an object, always the same for the same one. */
export function featureSetOf(features: object): ObjectFeatures {
  return ObjectFeatures.of(features, optionsFor(features));
}
