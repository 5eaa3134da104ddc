import { RISKY_PATTERN } from "../conditions/risky-pattern/guard.js";
import { OptionError } from "../errors/errors.js";
import { booleanOption } from "../errors/option-checks.js";
import type { CompileInput } from "../model/dialect.js";
import type { OpenFeatureTerms } from "../model/open-feature.js";
import type { PrecomputingDialect } from "../model/precompute.js";
import type { Steps } from "../model/steps.js";
import type { Trace } from "../model/trace.js";
import { KeyMemory } from "../payload/flag-keys.js";
import { markRelease } from "../runtime/release.js";
import { runAtOnce } from "../runtime/slices.js";
import { RELEASE } from "../runtime/version.js";
import { addressesOf } from "./addresses.js";
import { flagsOf, modelsOf } from "./bodies.js";
import { BANDIT_MODEL_MISSING, UfcConfiguration } from "./configuration.js";
import type { EvaluationDetails } from "./evaluation-details.js";
import { EPPO_OPTION_HINTS } from "./option-hints.js";
import { precompute } from "./precomputed/precompute.js";
import { UfcTrace } from "./trace.js";

/** Options of {@link eppo}. */
export interface EppoOptions {
  /**
   * Whether to refuse patterns that may take exponential time or cannot be analysed. They then match no subject, and
   * all other patterns are tested in linear time. Risky patterns are issues in any case. Default: false, as in the
   * vendor's SDK.
   */
  readonly refuseRiskyPatterns?: boolean | undefined;
}

/** Eppo's dialect. Its configurations can be precomputed for one subject. */
export interface EppoDialect extends PrecomputingDialect {
  readonly openFeature: OpenFeatureTerms<EvaluationDetails>;
  createTrace(): Trace<EvaluationDetails>;
}

/**
 * Creates the dialect of Eppo's Universal Flag Configuration, plain or obfuscated, with its bandit models. Its parts
 * are `flags`, and `bandits` if the flags refer to any.
 *
 * @throws OptionError for an invalid option.
 */
export function eppo(options: EppoOptions = {}): EppoDialect {
  const { refuseRiskyPatterns, ...others } = options;
  for (const name of Object.keys(others)) throw new OptionError(`eppo.${name}`, "unknown option");
  const refuses = booleanOption("refuseRiskyPatterns", refuseRiskyPatterns, false);
  const memory = new KeyMemory();
  const compile = function* ({ payloads, former }: CompileInput): Steps<UfcConfiguration> {
    const configuration = new UfcConfiguration({
      dialect,
      payloads,
      refuses,
      ...(yield* flagsOf(payloads, memory)),
      banditModels: yield* modelsOf(payloads),
    });
    if (former instanceof UfcConfiguration) yield* configuration.adopt(former);
    return configuration;
  };

  const dialect: EppoDialect = {
    ...addressesOf(memory),
    needsSubjectKey: true,
    openFeature: {
      takesNestedValues: false,
      attributeNames: {},
      hasNumericVariations: false,
      subjectOf: null,
      metadataOf: ({ banditKey }) => ({ banditKey }),
    },
    issueCodes: ["malformed", "unknown-operator", BANDIT_MODEL_MISSING, RISKY_PATTERN],
    optionHints: EPPO_OPTION_HINTS,
    compile: (input) => runAtOnce(compile(input)),
    compileInSteps: compile,
    precompute: (configuration, request) =>
      precompute(configuration as UfcConfiguration | null, request), // the client's configuration has this dialect
    createTrace: () => new UfcTrace(),
  };
  return markRelease(dialect, RELEASE);
}
