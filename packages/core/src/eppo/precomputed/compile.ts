import { DecodeError, EvaluationError } from "../../errors/errors.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { CompiledFlag } from "../../model/flag.js";
import { valueTypeOf } from "../flags/value.js";
import type { PrecomputedFlag } from "./decode.js";

/** Answers do not say what kind of subject they are for. */
const NO_ENTITY = { entityId: null };

/** A flag whose answer is known: the same for whoever asks. */
export function compilePrecomputed(key: string, wire: PrecomputedFlag | DecodeError): CompiledFlag {
  if (wire instanceof DecodeError) {
    const evaluate = (): never => {
      throw wire;
    };
    return { key, valueType: null, evaluate };
  }
  const evaluation = evaluationOf(key, wire);
  return { key, valueType: valueTypeOf(wire.variationType), evaluate: () => evaluation };
}

function evaluationOf(key: string, wire: PrecomputedFlag): Evaluation {
  const { allocationKey, doLog, extraLogging, value, variationKey, variationType } = wire;
  const exposure = doLog
    ? Object.freeze({
        experiment: null,
        featureFlag: null,
        allocation: allocationKey,
        variation: variationKey,
        extraLogging,
        eventFields: NO_ENTITY,
      })
    : null;
  if (variationType === "JSON" && !isJson(value)) {
    // Quirk: logged nevertheless (eppo).
    const message = `the value of flag "${key}" is no JSON`;
    const error = new EvaluationError("SORTITION_EVALUATION", key, message);
    return Object.freeze({ kind: "error", error, exposure });
  }
  return Object.freeze({
    kind: "assigned",
    value: typed(value, variationType),
    json: variationType === "JSON" ? value : null,
    variation: variationKey,
    allocation: allocationKey,
    exposure,
  });
}

function typed(text: string, variationType: unknown): unknown {
  if (variationType === "INTEGER" || variationType === "NUMERIC") return Number(text);
  if (variationType === "BOOLEAN") return text === "true";
  return text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
