import { type CompileOptions, GIVEN, UNREPORTED } from "../dialect/malformed.js";
import { ObjectFeatures } from "../dialect/object-features.js";
import type { FeatureApiResponse } from "../model/payload.js";

/** Features and experiments that this package parsed. Several instances may share them. */
const received = new WeakSet<object>();

/** Marks a payload as received, as opposed to passed in by the caller. */
export function markReceived(payload: FeatureApiResponse): FeatureApiResponse {
  for (const part of [payload.features, payload.experiments]) {
    // Malformed parts may be any value.
    if (typeof part === "object" && part !== null) received.add(part);
  }
  return payload;
}

/** Returns how to compile features or experiments. Values of received ones are copied for each caller. */
export function optionsFor(part: object | undefined): CompileOptions {
  return part !== undefined && received.has(part) ? UNREPORTED : GIVEN;
}

/** Returns the compiled features of an object. The same object always returns the same result. */
export function featureSetOf(features: object): ObjectFeatures {
  return ObjectFeatures.of(features, optionsFor(features));
}
