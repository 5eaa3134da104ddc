import type { EvaluationError } from "../../errors/errors.js";
import { messageOf } from "../../errors/guard.js";
import type { FlagDescription } from "../../explain/description.js";
import type { Explainer, ExplainingConfiguration, Explanation } from "../../explain/explanation.js";
import { md5Hex } from "../../hash/md5.js";
import type { Configuration } from "../../model/configuration.js";
import type { Dialect } from "../../model/dialect.js";
import type { Evaluation } from "../../model/evaluation.js";
import type { CompiledFlag } from "../../model/flag.js";
import type { Answer, Trace } from "../../model/trace.js";
import {
  type CompiledAllocation,
  type CompiledSplit,
  compileFlag,
  type UfcFlag,
} from "../flags/compile.js";
import type { UfcConfiguration } from "../flags/configuration.js";
import {
  type AllocationEvaluationCode,
  type EvaluationDetails,
  UfcTrace,
} from "../flags/details.js";
import type { AllocationListener } from "../flags/evaluate.js";
import type { CompiledRule } from "../flags/rule.js";
import type { FlagWire } from "../flags/wire.js";
import { describeBandits, describeFlag } from "./describe.js";
import { explainFlag } from "./explain-flag.js";
import { Observations } from "./observations.js";

/**
 * Explains Eppo's dialect: each flag is compiled again, with an observer around every test, and evaluated
 * by the same algorithm.
 */
export const eppoExplainer: Explainer = {
  describe(configuration, flagKey) {
    const { isObfuscated } = ufc(configuration);
    return describeFlag(flagKey, ufc(configuration).wireOf(flagKey), isObfuscated);
  },
  describeBandits(configuration) {
    const { banditReferences, bandits } = ufc(configuration);
    return describeBandits(banditReferences, bandits.keys);
  },
  explaining,
};

/** An explainer receives configurations of its own dialect only. */
function ufc(configuration: Configuration): UfcConfiguration {
  return configuration as UfcConfiguration;
}

/** A decoded flag and its description. */
interface DescribedFlag {
  readonly wire: FlagWire;
  readonly description: FlagDescription;
}

function explaining(configuration: Configuration): ExplainingConfiguration {
  const observations = new Observations();
  const flags = new WeakMap<CompiledFlag, DescribedFlag>();
  let last: Explanation | null = null;
  const original = ufc(configuration);
  const dialect: Dialect<EvaluationDetails> = {
    ...(original.dialect as Dialect<EvaluationDetails>), // its own
    createTrace: () =>
      new ObservingTrace(observations, (answer) => {
        const flag = answer.flag === null ? undefined : flags.get(answer.flag);
        last = explain(answer, flag, observations);
      }),
  };
  const observed = original.recompiled(dialect, (key, wire, isObfuscated, guard) => {
    const compiled = compileFlag(key, wire, isObfuscated, guard, observations);
    const flag: UfcFlag = {
      ...compiled,
      evaluate(subject, scope) {
        observations.begin(subject);
        return compiled.evaluate(subject, scope);
      },
    };
    const payloadKey = isObfuscated ? md5Hex(key) : key;
    flags.set(flag, { wire, description: describeFlag(payloadKey, wire, isObfuscated) });
    return flag;
  });
  return { configuration: observed, explanation: () => last };
}

/** Creates details as usual, and passes what they are created from to the observer. */
class ObservingTrace implements Trace<EvaluationDetails>, AllocationListener {
  readonly #details = new UfcTrace();
  readonly #observations: Observations;
  readonly #onAnswer: (answer: Answer) => void;

  constructor(observations: Observations, onAnswer: (answer: Answer) => void) {
    this.#observations = observations;
    this.#onAnswer = onAnswer;
    observations.clear();
  }

  missed(allocation: CompiledAllocation, code: AllocationEvaluationCode): void {
    this.#observations.missed(allocation, code);
    this.#details.missed(allocation, code);
  }

  matched(allocation: CompiledAllocation, rule: CompiledRule | null, split: CompiledSplit): void {
    this.#observations.matched(allocation, rule, split);
    this.#details.matched(allocation, rule, split);
  }

  details(answer: Answer): EvaluationDetails {
    this.#onAnswer(answer);
    return this.#details.details(answer);
  }
}

function explain(
  answer: Answer,
  flag: DescribedFlag | undefined,
  observations: Observations,
): Explanation {
  const { evaluation, flagKey, override, subjectKey } = answer;
  return {
    flagKey,
    subjectKey,
    reason: override === null ? reasonOf(evaluation) : "override",
    error: evaluation.kind === "error" ? problemOf(evaluation.error) : null,
    flag: flag === undefined ? null : explainFlag(flag.description, flag.wire, observations),
  };
}

function reasonOf(evaluation: Evaluation): Explanation["reason"] {
  if (evaluation.kind === "assigned") return "assigned";
  return evaluation.kind === "default" ? evaluation.reason : evaluation.error.code;
}

/** The message of the engine or the decoder, if there is one. */
function problemOf({ cause, message }: EvaluationError): string {
  return cause === undefined ? message : messageOf(cause);
}
