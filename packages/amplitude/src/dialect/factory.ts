import {
  type CompileInput,
  DecodeError,
  type Dialect,
  type PayloadSet,
  RISKY_PATTERN,
  readFlags,
  runAtOnce,
  type Steps,
} from "@sortition/core/dialect";
import {
  booleanOption,
  dialectHints,
  KeyMemory,
  markRelease,
  rejectUnknownOptions,
} from "@sortition/core/dialect-internal";
import { RELEASE } from "../version.js";
import { addressesOf, FLAGS, keyProblem } from "./addresses.js";
import { readCohorts } from "./cohorts/cohort-parts.js";
import { readReferences } from "./cohorts/references.js";
import {
  type AmplitudeConfiguration,
  createConfiguration,
  isAmplitudeConfiguration,
} from "./configuration.js";
import { AMPLITUDE_OPTION_HINTS } from "./option-hints.js";
import { PLACE } from "./place.js";
import { type AmplitudeDetails, AmplitudeTrace } from "./trace.js";
import { readZone } from "./zone.js";

/** Options of {@link amplitude}. */
export interface AmplitudeOptions {
  /** Data centre of the project: `us` or `eu`, in upper or lower case. Default: `us`. */
  readonly serverZone?: string | undefined;
  /**
   * Whether patterns that may take exponential time, or cannot be analysed, never match, while all
   * others are tested in linear time. Risky patterns are reported as issues either way. Default:
   * false, as in the vendor's SDK.
   */
  readonly refuseRiskyPatterns?: boolean | undefined;
}

/** The dialect of Amplitude Experiment: flag configurations for local evaluation, and cohorts. */
export function amplitude(options: AmplitudeOptions = {}): Dialect<AmplitudeDetails> {
  rejectUnknownOptions(options, ["refuseRiskyPatterns", "serverZone"], undefined, () =>
    dialectHints(AMPLITUDE_OPTION_HINTS),
  );
  const refuses = booleanOption("refuseRiskyPatterns", options.refuseRiskyPatterns, false);
  readZone("serverZone", options.serverZone);
  const addresses = addressesOf(options.serverZone);
  const memory = new KeyMemory();
  const compile = function* (input: CompileInput): Steps<AmplitudeConfiguration> {
    const { payloads } = input;
    const former =
      input.former !== null && isAmplitudeConfiguration(input.former) ? input.former : null;
    const bytes = flagsOf(payloads);
    const { flags: raw } = yield* readFlags(bytes, PLACE, memory);
    if (raw === null) throw new DecodeError("$", "expected an array", { part: FLAGS });
    const cohortSet = yield* readCohorts(payloads, former);
    const flagReferences = yield* readReferences(bytes, raw, former);
    const parts = { dialect, payloads, raw, refuses, cohortSet, flagReferences };
    const configuration = createConfiguration(parts);
    if (former !== null) yield* configuration.lazyFlags.adopt(former.lazyFlags);
    return configuration;
  };
  const dialect: Dialect<AmplitudeDetails> = {
    ...addresses,
    keyProblem,
    needsSubjectKey: false,
    openFeature: {
      takesNestedValues: true,
      attributeNames: {},
      hasNumericVariations: false,
      subjectOf: null,
      metadataOf: ({ metadata }) => metadata,
    },
    issueCodes: ["malformed", "unknown-operator", RISKY_PATTERN],
    optionHints: AMPLITUDE_OPTION_HINTS,
    compile: (input) => runAtOnce(compile(input)),
    compileInSteps: compile,
    createTrace: () => new AmplitudeTrace(),
  };
  return markRelease(dialect, RELEASE);
}

function flagsOf(payloads: PayloadSet): Uint8Array {
  const bytes = payloads.find(({ part }) => part === FLAGS)?.bytes;
  if (bytes === undefined) throw new DecodeError("$", "there are no flags", { part: FLAGS });
  return bytes;
}
