import type { Dialect } from "../../model/dialect.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { Trace } from "../../model/trace.js";
import { Call } from "./call.js";
import { fitting } from "./fitting.js";

/** Returns the data that details are built from. */
export function answerOf<Details extends object>(
  call: Call<Details>,
  evaluation: Evaluation,
): Parameters<Trace["details"]>[0] {
  return {
    flagKey: call.flagKey,
    subjectKey: call.subject.key,
    expectedType: call.expectedType,
    configuration: call.served,
    flag: call.flag,
    override: call.override,
    evaluation,
  };
}

/**
 * Returns details of an evaluation that was not recorded, by evaluating again at the same time. Few calls log an event,
 * so the others need not pay for a record. Returns `null` if building the details fails, because the event matters
 * more.
 */
export function detailsAfterwards<Details extends object>(
  dialect: Dialect<Details>,
  call: Call<Details>,
): Details | null {
  const { configuration, expectedType, extras, flag, flagKey, subject } = call;
  if (flag === null) return null;
  try {
    const trace = dialect.createTrace();
    const nowMs = call.nowMs();
    const again = new Call<Details>(() => nowMs);
    again.begin(flagKey, subject.key, subject.attributes, expectedType, configuration, trace);
    again.flag = flag;
    again.extras = extras;
    const evaluation = flag.evaluate(again.subject, again);
    const isTyped = flag.valueType !== null;
    const answer = isTyped ? evaluation : fitting(evaluation, flagKey, expectedType);
    return trace.details(answerOf(again, answer));
  } catch {
    return null;
  }
}
