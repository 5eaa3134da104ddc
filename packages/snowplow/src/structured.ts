import type { PlainEvent } from "@sortition/core/internal";
import type { Payload } from "./payload.js";

/** Returns the pairs of a structured event, which needs no schema. Members without a field there are left out. */
export function structuredPairs(event: PlainEvent): Payload {
  if (event.kind === "assignment") {
    const { featureFlag, variation } = event.event;
    return pairs("experiment", "assignment", featureFlag, variation);
  }
  const { action, actionProbability, banditKey, flagKey, modelVersion } = event.event;
  const property = `${banditKey}:${modelVersion}`;
  return { ...pairs("bandit", action, flagKey, property), se_va: String(actionProbability) };
}

function pairs(category: string, action: string, label: string, property: unknown): Payload {
  return { e: "se", se_ca: category, se_ac: action, se_la: label, se_pr: property };
}
