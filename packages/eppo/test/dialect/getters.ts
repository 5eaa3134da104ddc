import type { Call } from "./calls.js";
import type { Outcome } from "./outcome.js";

/** What a getter with details returns. The vendor names the value `variation`. */
interface Detailed {
  readonly value?: unknown;
  readonly variation?: unknown;
  readonly evaluationDetails: object;
}

/** A getter. Arguments are not checked, so tests can pass any value. */
type Getter<Result> = (
  flagKey: string,
  subjectKey: string,
  attributes: never,
  defaultValue: never,
) => Result;

/** Getters that both SDKs have under the same names. */
export interface Getters {
  readonly getBooleanAssignment: Getter<unknown>;
  readonly getIntegerAssignment: Getter<unknown>;
  readonly getNumericAssignment: Getter<unknown>;
  readonly getStringAssignment: Getter<unknown>;
  readonly getJSONAssignment: Getter<unknown>;
  readonly getBooleanAssignmentDetails: Getter<Detailed>;
  readonly getIntegerAssignmentDetails: Getter<Detailed>;
  readonly getNumericAssignmentDetails: Getter<Detailed>;
  readonly getStringAssignmentDetails: Getter<Detailed>;
  readonly getJSONAssignmentDetails: Getter<Detailed>;
}

const PLAIN = {
  BOOLEAN: "getBooleanAssignment",
  INTEGER: "getIntegerAssignment",
  NUMERIC: "getNumericAssignment",
  STRING: "getStringAssignment",
  JSON: "getJSONAssignment",
} as const;

const DETAILED = {
  BOOLEAN: "getBooleanAssignmentDetails",
  INTEGER: "getIntegerAssignmentDetails",
  NUMERIC: "getNumericAssignmentDetails",
  STRING: "getStringAssignmentDetails",
  JSON: "getJSONAssignmentDetails",
} as const;

/**
 * Makes one call.
 *
 * @param takeEvents - returns the events logged since its last call.
 */
export function runCall(
  getters: () => Getters,
  call: Call,
  takeEvents: () => readonly object[],
): Outcome {
  const { flagKey, subject, wantsDetails } = call;
  const type = call.type as keyof typeof PLAIN; // one of `TYPES`
  const attributes = subject.attributes as never;
  const defaultValue = call.defaultValue as never;
  try {
    const client = getters();
    if (!wantsDetails) {
      const value = client[PLAIN[type]](flagKey, subject.key, attributes, defaultValue);
      return { threw: false, value, details: null, events: takeEvents() };
    }
    const result = client[DETAILED[type]](flagKey, subject.key, attributes, defaultValue);
    return {
      threw: false,
      value: "value" in result ? result.value : result.variation,
      details: result.evaluationDetails,
      events: takeEvents(),
    };
  } catch {
    return { threw: true, value: undefined, details: null, events: takeEvents() };
  }
}
