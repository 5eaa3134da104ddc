import type { Dialect } from "../../model/dialect.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { ExposureBase } from "../../model/exposure.js";
import type { CompiledFlag, ValueType } from "../../model/flag.js";
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
  const { expectedType, flag, flagKey } = call;
  if (flag === null) return null;
  try {
    const { again, evaluation, trace } = evaluateAgain(dialect, call, flag, expectedType);
    const isTyped = flag.valueType !== null;
    const answer = isTyped ? evaluation : fitting(evaluation, flagKey, expectedType);
    return trace.details(answerOf(again, answer));
  } catch {
    return null;
  }
}

/**
 * Returns the details of another exposure of a call, such as that of a prerequisite, by evaluating its flag. Returns
 * `null` if that flag does not have this exposure on its own, or building the details fails.
 */
export function detailsOfMet<Details extends object>(
  dialect: Dialect<Details>,
  call: Call<Details>,
  exposure: ExposureBase,
): Details | null {
  try {
    const flag = call.configuration.flag(exposure.featureFlag ?? call.flagKey);
    if (flag === null) return null;
    const { again, evaluation, trace } = evaluateAgain(dialect, call, flag, null);
    if (evaluation.kind === "default" || !isSame(evaluation.exposure, exposure)) return null;
    return trace.details(answerOf(again, evaluation));
  } catch {
    return null;
  }
}

function evaluateAgain<Details extends object>(
  dialect: Dialect<Details>,
  call: Call<Details>,
  flag: CompiledFlag,
  expectedType: ValueType | null,
) {
  const { configuration, extras, isKeyless, subject } = call;
  const trace = dialect.createTrace();
  const nowMs = call.nowMs();
  const again = new Call<Details>(() => nowMs);
  again.begin(flag.key, subject.key, subject.attributes, expectedType, configuration, trace);
  again.flag = flag;
  again.extras = extras;
  again.isKeyless = isKeyless;
  return { again, trace, evaluation: flag.evaluate(again.subject, again) };
}

function isSame(one: ExposureBase | null, other: ExposureBase): boolean {
  return (
    one?.variation === other.variation &&
    one.allocation === other.allocation &&
    one.experiment === other.experiment
  );
}
