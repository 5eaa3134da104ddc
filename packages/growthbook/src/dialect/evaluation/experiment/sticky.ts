import { truthyValueOf } from "../attributes.js";
import type { EvaluationCall } from "../evaluation-call.js";
import type { StickyBuckets } from "../sticky-buckets.js";
import { type CompiledExperiment, stickyIdOf, stickyPrefixOf } from "./experiment.js";

export function stickyKey(attributeName: string, attributeValue: string): string {
  return `${attributeName}||${attributeValue}`;
}

/** Returns a value as it appears in the key of a document: a string unchanged, anything else as JSON. */
export function stickyTextOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Returns the variation that the user was assigned before, or -1. Sets `isBlocked` of the context if the user has an
 * assignment of a blocked version.
 */
export function stickyVariation(
  experiment: CompiledExperiment,
  sticky: StickyBuckets,
  context: EvaluationCall,
): number {
  const { hashAttribute, meta } = experiment;
  const { fallbackAttribute, minBucketVersion } = experiment.sticky;
  const own = assignmentsOf(context, sticky, hashAttribute, true);
  // Quirk: without a fallback attribute, the document of `id` is also read (growthbook).
  const fallback = assignmentsOf(context, sticky, fallbackAttribute ?? "id", false);
  const [min, key] = [minBucketVersion ?? 0, stickyPrefixOf(experiment)];
  context.isBlocked = min > 0 && (hasOlder(own, key, min) || hasOlder(fallback, key, min));
  if (context.isBlocked) return -1;
  const stickyId = stickyIdOf(experiment);
  let variation = valueIn(own, stickyId);
  if (variation === undefined) variation = valueIn(fallback, stickyId);
  if (variation === undefined) return -1;
  return meta ? meta.findIndex((it) => it.key === variation) : -1;
}

/** Stores the assignment, and saves its document if it changed. */
export function saveAssignment(
  experiment: CompiledExperiment,
  sticky: StickyBuckets,
  attributeName: string,
  hashValue: unknown,
  variation: string,
): void {
  const stickyId = stickyIdOf(experiment);
  const attributeValue = stickyTextOf(hashValue);
  const key = stickyKey(attributeName, attributeValue);
  const existing = sticky.docs[key]?.assignments ?? {};
  if (Object.hasOwn(existing, stickyId) && isSameJson(existing[stickyId], variation)) return;
  const assignments = { ...existing, [stickyId]: variation };
  const doc = { attributeName, attributeValue, assignments };
  sticky.docs[key] = doc;
  sticky.save(doc);
}

type Assignments = Readonly<Record<string, unknown>> | undefined;

function assignmentsOf(
  context: EvaluationCall,
  { docs }: StickyBuckets,
  attribute: string,
  takesEmpty: boolean,
): Assignments {
  const value = truthyValueOf(context, attribute);
  if (value === "" && !takesEmpty) return undefined;
  const text = savedTextOf(value);
  return text === null ? undefined : docs[stickyKey(attribute, text)]?.assignments;
}

/**
 * Like {@link stickyTextOf}, but returns `null` for a value without JSON, such as a `BigInt`, because no document can
 * have its key.
 */
function savedTextOf(value: unknown): string | null {
  try {
    return stickyTextOf(value);
  } catch {
    return null;
  }
}

function valueIn(assignments: Assignments, id: string): unknown {
  return assignments !== undefined && assignments !== null && Object.hasOwn(assignments, id)
    ? assignments[id]
    : undefined;
}

/**
 * Returns whether there is an assignment of a version below `min`. It loops over the assignments and not over the
 * versions, because `min` may be large.
 */
function hasOlder(assignments: Assignments, prefix: string, min: number): boolean {
  if (assignments === undefined || assignments === null) return false;
  return Object.entries(assignments).some(([id, variation]) => {
    if (variation === undefined || !id.startsWith(prefix)) return false;
    const version = Number(id.slice(prefix.length));
    return (
      Number.isInteger(version) && version >= 0 && version < min && id === `${prefix}${version}`
    );
  });
}

function isSameJson(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
