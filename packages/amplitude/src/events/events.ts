import type { JsonObject } from "@sortition/core/dialect";
import { setMember } from "../dialect/condition/member.js";
import type { Results } from "../dialect/evaluation/evaluate-user.js";
import type { Outcome } from "../dialect/evaluation/outcome.js";
import { EVALUATED_FIELDS } from "../dialect/user.js";
import { canonicalOf, hashCode, type Tracked } from "./canonical.js";
import { DAY_MS } from "./filter.js";

/** An event in the format of the vendor's analytics client. */
export interface TrackingEvent {
  readonly event_type: string;
  readonly user_id: string | undefined;
  readonly device_id: string | undefined;
  readonly event_properties: JsonObject;
  readonly user_properties: { readonly $set: JsonObject; readonly $unset: JsonObject };
  readonly insert_id: string;
  readonly groups?: Readonly<Record<string, unknown>>;
}

const MUTUAL_EXCLUSION_GROUP = "mutual-exclusion-group";

/**
 * Creates the single assignment event of an evaluation.
 *
 * @param sendsEvaluatedProps - whether it contains the properties that the user was evaluated with.
 */
export function assignmentEvent(tracked: Tracked, sendsEvaluatedProps = false): TrackingEvent {
  const { results, timestampMs, user } = tracked;
  const properties = {};
  const set = {};
  const unset = {};
  for (const [flagKey, { isDefault, variant }] of inMemberOrder(results)) {
    const { key } = variant as { readonly key?: unknown };
    if (!key) continue;
    const { flagType, flagVersion, segmentName } = variant.metadata;
    setMember(properties, `${flagKey}.variant`, key);
    if (flagVersion && segmentName) {
      setMember(properties, `${flagKey}.details`, `v${flagVersion} rule:${segmentName}`);
    }
    if (flagType === MUTUAL_EXCLUSION_GROUP) continue;
    if (isDefault) setMember(unset, `[Experiment] ${flagKey}`, "-");
    else setMember(set, `[Experiment] ${flagKey}`, key);
  }
  return {
    event_type: "[Experiment] Assignment",
    user_id: user.user_id,
    device_id: user.device_id,
    event_properties: properties,
    user_properties: {
      ...(sendsEvaluatedProps ? user.user_properties : {}),
      $set: set,
      $unset: unset,
    },
    ...(sendsEvaluatedProps ? evaluatedFields(user) : {}),
    insert_id: insertId(tracked, canonicalOf(tracked), timestampMs),
  };
}

function evaluatedFields(user: Tracked["user"]): JsonObject {
  return Object.fromEntries(
    EVALUATED_FIELDS.flatMap((name) => (user[name] === undefined ? [] : [[name, user[name]]])),
  );
}

/** Creates the exposure events of an evaluation, one for each flag. */
export function exposureEvents(tracked: Tracked): readonly TrackingEvent[] {
  const { results, timestampMs, user } = tracked;
  const canonical = canonicalOf(tracked);
  const events: TrackingEvent[] = [];
  for (const [flagKey, { isDefault, variant }] of inMemberOrder(results)) {
    const { experimentKey, flagType, trackExposure } = variant.metadata;
    if (isDefault || !(trackExposure ?? true)) continue;
    const { key, value } = variant as { readonly key?: unknown; readonly value?: unknown };
    const shown = key || value;
    const set = {};
    if (shown && flagType !== MUTUAL_EXCLUSION_GROUP) {
      setMember(set, `[Experiment] ${flagKey}`, shown);
    }
    events.push({
      event_type: "[Experiment] Exposure",
      user_id: user.user_id,
      device_id: user.device_id,
      event_properties: {
        "[Experiment] Flag Key": flagKey,
        ...(shown ? { "[Experiment] Variant": shown } : {}),
        ...(experimentKey ? { "[Experiment] Experiment Key": experimentKey } : {}),
        metadata: { ...variant.metadata },
      },
      user_properties: { $set: set, $unset: {} },
      insert_id: insertId(tracked, `${flagKey} ${canonical}`, timestampMs),
      ...(user.groups ? { groups: copyOfGroups(user.groups) } : {}),
    });
  }
  return events;
}

/** Copied, because the caller may change the user before the event is uploaded. */
function copyOfGroups(
  groups: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (typeof groups !== "object" || Array.isArray(groups)) return groups; // an untyped caller may pass anything
  return Object.fromEntries(
    Object.entries(groups).map(([type, names]) => [
      type,
      Array.isArray(names) ? [...names] : names,
    ]),
  );
}

/** Quirk: ids are not trimmed, and missing ones are the word `undefined` (amplitude). */
function insertId({ user }: Tracked, text: string, timestampMs: number): string {
  const day = Math.floor(timestampMs / DAY_MS);
  return `${user.user_id} ${user.device_id} ${hashCode(text)} ${day}`;
}

/**
 * Orders results as the vendor does, which stores them in an object: keys that are array indices
 * come first, in ascending order.
 */
function inMemberOrder(results: Results): [string, Outcome][] {
  return Object.entries(Object.fromEntries(results));
}
