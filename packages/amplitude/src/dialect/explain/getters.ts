import {
  DecodeError,
  type Evaluation,
  type FlagGetter,
  type FlagOutcome,
  gettersFrom,
  isJsonObject,
  type JsonObject,
  type ValueType,
} from "@sortition/core/dialect";
import type { Outcome } from "../evaluation/outcome.js";
import type { Segment } from "../evaluation/segment.js";
import type { AmplitudeFlag } from "../flag.js";
import { listOf, objectOf } from "./describe.js";
import { splitsOf } from "./split.js";
import { trafficOf } from "./traffic.js";

/**
 * Returns the getters that have values for a flag.
 *
 * @param wire - the flag as received.
 * @param canFail - whether its dependencies make it fail.
 */
export function gettersOfFlag(
  { isSound, segments }: AmplitudeFlag,
  wire: JsonObject,
  canFail: boolean,
): readonly FlagGetter[] {
  if (segments instanceof DecodeError) return [];
  const { variants } = wire;
  const names = isJsonObject(variants) ? Object.keys(variants) : [];
  const outcomes: FlagOutcome[] = [];
  let isDecided = false;
  for (const [index, segment] of segments.entries()) {
    if (segment instanceof DecodeError) continue;
    const { assigned, isForAll } = assignedBy(segment, objectOf(listOf(wire["segments"])[index]));
    for (const outcome of new Set(names.map((name) => segment.outcomeOf(name)))) {
      if (outcome === null) continue;
      const isAssigned = !isDecided && assigned.has(outcome);
      outcomes.push({ isAssigned, value: (type) => valueFor(outcome, type) });
    }
    isDecided ||= isForAll;
  }
  const areSound = isSound && segments.every((it) => it instanceof DecodeError || it.isSound);
  return gettersFrom(outcomes, isDecided && areSound && !canFail);
}

interface Assigned {
  readonly assigned: ReadonlySet<Outcome>;
  /** Whether every user is assigned one of them. */
  readonly isForAll: boolean;
}

function assignedBy(segment: Segment, wire: JsonObject): Assigned {
  const { bucket, outcome: own, rules } = segment;
  const splits = splitsOf(segment, wire);
  const traffic = trafficOf(segment, splits);
  const assigned = new Set<Outcome>();
  for (const { description, outcome } of splits) {
    const share = traffic === null ? 1 : (traffic.byVariation.get(description.variation) ?? 0);
    if (outcome !== null && share > 0) assigned.add(outcome);
  }
  // Users that cannot be bucketed are assigned the segment's own variant. Every subject has a key.
  const isByKey = bucket === null || isByUserId(wire["bucket"]);
  if (!isByKey && own !== null) assigned.add(own);
  const isForAll = rules === null && traffic?.unassigned === 0 && (isByKey || own !== null);
  return { assigned, isForAll };
}

const USER_ID: readonly string[] = ["context", "user", "user_id"];

function isByUserId(bucket: unknown): boolean {
  const selector = isJsonObject(bucket) ? bucket["selector"] : undefined;
  if (!Array.isArray(selector) || selector.length !== USER_ID.length) return false;
  return USER_ID.every((it, i) => it === selector[i]);
}

function valueFor(outcome: Outcome, type: ValueType): unknown {
  let evaluation: Evaluation;
  try {
    evaluation = outcome.evaluationFor(type);
  } catch {
    return undefined; // the payload is nested too deeply to be serialized
  }
  if (evaluation.kind !== "assigned") return undefined;
  return evaluation.json === null ? evaluation.value : JSON.parse(evaluation.json);
}
