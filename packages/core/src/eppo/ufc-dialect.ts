import { RISKY_PATTERN } from "../conditions/risky-pattern/guard.js";
import type { Payload } from "../model/configuration.js";
import type { CompileInput, Dialect } from "../model/dialect.js";
import type { Steps } from "../model/steps.js";
import { KeyMemory } from "../payload/flag-keys.js";
import type { FlagsDocument, FlagsPlace } from "../payload/raw-flags.js";
import { readPart } from "../payload/read-part.js";
import { runAtOnce } from "../runtime/slices.js";
import { NO_BANDIT_MODELS } from "./bandit/decode.js";
import { FLAGS } from "./bodies.js";
import { UfcConfiguration } from "./configuration.js";
import { decodeFlagsBody } from "./decode.js";
import type { EvaluationDetails } from "./evaluation-details.js";
import { compilerOfFormat } from "./flag-compiler.js";
import type { UfcFormat } from "./format.js";
import { UfcTrace } from "./trace.js";

/** Members of a dialect that do not depend on its format. */
type Facts = Omit<Dialect, "compile" | "compileInSteps" | "createTrace" | "issueCodes" | "prepare">;

/** The parts from which {@link ufcDialect} creates a dialect. */
export interface UfcDialectParts {
  readonly facts: Facts;
  readonly format: UfcFormat;
  /**
   * Reads the part `flags` of a configuration.
   *
   * @param memory - keys of the flags in the previous payload.
   * @throws DecodeError if the whole part is unusable.
   */
  readonly read: (bytes: Uint8Array, memory: KeyMemory) => Steps<UfcDocument>;
  /** Whether patterns that may take exponential time never match. */
  readonly refuseRiskyPatterns: boolean;
}

/** A payload split into its flags and the rest. */
export interface UfcDocument {
  readonly document: FlagsDocument;
  /** Where its flags are. */
  readonly place: FlagsPlace;
}

/**
 * Creates the dialect of a format based on Eppo's Universal Flag Configuration. It has the same allocations, splits,
 * shards and hash, but its own way to decode flags and test conditions. It evaluates subjects without a key up to the
 * first shard condition. `eppoExplainer` explains it.
 */
export function ufcDialect(parts: UfcDialectParts): Dialect<EvaluationDetails> {
  const { facts, format, read, refuseRiskyPatterns } = parts;
  const memory = new KeyMemory();
  const compiler = compilerOfFormat(format, refuseRiskyPatterns);
  const compile = function* ({ payloads, former }: CompileInput): Steps<UfcConfiguration> {
    const { body, place } = yield* readPart(payloads, FLAGS, readBody);
    const configuration = new UfcConfiguration({
      ...{ dialect, payloads, body, place, format, compiler },
      banditReferences: [],
      banditModels: NO_BANDIT_MODELS,
      refuses: refuseRiskyPatterns,
    });
    if (former instanceof UfcConfiguration) yield* configuration.adopt(former);
    return configuration;
  };
  const readBody = function* ({ bytes }: Payload) {
    const { document, place } = yield* read(bytes, memory);
    return { body: decodeFlagsBody(document), place };
  };
  const dialect: Dialect<EvaluationDetails> = {
    ...facts,
    issueCodes: ["malformed", RISKY_PATTERN],
    compile: (input) => runAtOnce(compile(input)),
    compileInSteps: compile,
    createTrace: () => new UfcTrace(),
  };
  return dialect;
}
