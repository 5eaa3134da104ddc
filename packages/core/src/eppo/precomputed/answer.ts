import { DecodeError, EvaluationError } from "../../errors/errors.js";
import type { ValueType } from "../../model/flag.js";
import { valueOfText, valueTypeOf } from "../value.js";
import type { PrecomputedFlag } from "./decode.js";

/** A decoded result, with its value in the flag's declared type. */
export interface PrecomputedAnswer {
  readonly flag: PrecomputedFlag;
  readonly type: ValueType | "unknown";
  /** JSON values are parsed for each caller. */
  readonly value: unknown;
  /** Why there is no value, or `null`. The exposure is logged in either case. */
  readonly failure: EvaluationError | null;
}

/** @throws DecodeError if the result is malformed. */
export function readAnswer(
  flagKey: string,
  flag: PrecomputedFlag | DecodeError,
): PrecomputedAnswer {
  if (flag instanceof DecodeError) throw flag;
  const type = valueTypeOf(flag.variationType);
  const { value } = flag;
  if (type === "json") {
    try {
      JSON.parse(value);
    } catch (cause) {
      // Quirk: the exposure is logged nevertheless (eppo).
      const message = `the value of flag "${flagKey}" is not JSON`;
      const failure = new EvaluationError("SORTITION_EVALUATION", flagKey, message, { cause });
      return { flag, type, value, failure };
    }
  }
  return { flag, type, value: valueOfText(value, type), failure: null };
}
