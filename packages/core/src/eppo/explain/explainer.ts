import type { Decoded } from "../../conditions/decode.js";
import { DecodeError } from "../../errors/errors.js";
import { readsOfAllocations } from "../../explain/allocation-reads.js";
import type { FlagDescription } from "../../explain/description.js";
import type { Explainer, ExplainingConfiguration } from "../../explain/explainer.js";
import { causeText, explaining } from "../../explain/explaining.js";
import { typedAnswer } from "../../explain/flag-answer.js";
import { unitValue } from "../../explain/unit-value.js";
import { md5Hex } from "../../hash/md5.js";
import type { Configuration } from "../../model/configuration.js";
import type { Dialect } from "../../model/dialect.js";
import type { CompiledFlag } from "../../model/flag.js";
import type { Subject } from "../../model/subject.js";
import { flagPath } from "../../payload/flag-path.js";
import { compileFlag } from "../compile.js";
import { UfcConfiguration } from "../configuration.js";
import { subjectOfCall } from "../evaluation/keyless-subject.js";
import type { EvaluationDetails } from "../evaluation-details.js";
import type { UfcFlag } from "../flag.js";
import { createFlagCompiler, decodeWire } from "../flag-compiler.js";
import { UfcTrace } from "../trace.js";
import type { FlagWire } from "../wire.js";
import { describeBandits, describeFlag } from "./describe.js";
import { createRecording, explainFlag } from "./explain-flag.js";
import { gettersOfFlag } from "./getters.js";
import { recordTests } from "./record-tests.js";
import { EPPO_WORDS } from "./words.js";

/**
 * Explains Eppo's dialect and dialects created by {@link ufcDialect}. Each flag is compiled again with a recorder
 * of its tests, and evaluated by the same algorithm.
 */
export const eppoExplainer: Explainer = {
  words: EPPO_WORDS,
  attributes: { always: new Set(["id"]) },
  describe(configuration, flagKey) {
    const { isObfuscated } = ufc(configuration);
    return describeFlag(flagKey, wireOf(ufc(configuration), flagKey), isObfuscated);
  },
  gettersOf: (configuration, flagKey, nowMs) =>
    gettersOfFlag(wireOf(ufc(configuration), flagKey), nowMs ?? null),
  describeBandits(configuration) {
    const { banditReferences, bandits } = ufc(configuration);
    return describeBandits(banditReferences, bandits.keys);
  },
  payloadKey(configuration, flag) {
    const { flagKeys, isObfuscated } = ufc(configuration);
    if (flagKeys.has(flag)) return flag;
    const hash = isObfuscated ? md5Hex(flag) : null;
    return hash !== null && flagKeys.has(hash) ? hash : null;
  },
  readsOf: (configuration, flagKey) =>
    readsOfAllocations(eppoExplainer.describe(configuration, flagKey), (it) => ({
      comparisons: [it],
    })),
  unitOf: unitValue,
  withUnit: (_, { attributes }) => attributes, // flags always hash the key
  explaining: observe,
  answer: typedAnswer,
};

/** Casts a configuration. An explainer only receives configurations of its own dialect. */
function ufc(configuration: Configuration): UfcConfiguration {
  return configuration as UfcConfiguration;
}

/** Returns the decoded form of a flag, to describe it. */
function wireOf(configuration: UfcConfiguration, payloadKey: string): Decoded<FlagWire> {
  const { isObfuscated, parts, place } = configuration;
  const { body, format = null } = parts;
  const path = flagPath(place, payloadKey);
  try {
    const raw = body.flags.read(payloadKey, path);
    return decodeWire(raw, payloadKey, path, { isObfuscated, format }, () => {});
  } catch (cause) {
    return cause instanceof DecodeError ? cause : new DecodeError(path, "not a flag", { cause });
  }
}

function observe(configuration: Configuration): ExplainingConfiguration {
  const recording = createRecording();
  const tests = recordTests(recording);
  const descriptions = new WeakMap<CompiledFlag, FlagDescription>();
  let subject: Subject | null = null;
  const original = ufc(configuration);
  const { isObfuscated, parts } = original;
  const { format = null, refuses } = parts;
  return explaining(original, {
    errorText: causeText,
    createTrace(answered) {
      recording.clear();
      subject = null;
      const trace: UfcTrace = new UfcTrace(recording, (answer) => {
        const flag = answer.flag === null ? undefined : descriptions.get(answer.flag);
        const { match } = trace;
        answered(answer, flag ? explainFlag(flag, { recording, match, subject, format }) : null);
      });
      return trace;
    },
    observed: (dialect) =>
      new UfcConfiguration({
        ...parts,
        dialect: dialect as Dialect<EvaluationDetails>, // its own dialect with another trace
        compiler: createFlagCompiler({ isObfuscated, refuses, format }, (key, wire, _, guard) => {
          const compiled = compileFlag(key, wire, isObfuscated, guard, tests, null, format);
          const flag: UfcFlag = {
            ...compiled,
            evaluate(given, scope) {
              subject = format === null ? given : subjectOfCall(given, scope, key);
              return compiled.evaluate(subject, scope);
            },
          };
          const payloadKey = isObfuscated ? md5Hex(key) : key;
          descriptions.set(flag, describeFlag(payloadKey, wire, isObfuscated));
          return flag;
        }),
      }),
  });
}
