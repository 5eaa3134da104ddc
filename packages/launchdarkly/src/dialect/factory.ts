import {
  type CompileInput,
  type CompileIssue,
  DecodeError,
  type Dialect,
  expectObject,
  flagsOfItems,
  isJsonObject,
  OptionError,
  type Payload,
  RISKY_PATTERN,
  readFlags,
  readPart,
  runAtOnce,
  type Steps,
  unexpected,
} from "@sortition/core/dialect";
import {
  booleanOption,
  dialectHints,
  documentOf,
  KeyMemory,
  markRelease,
  rejectUnknownOptions,
} from "@sortition/core/dialect-internal";
import { RELEASE } from "../version.js";
import { FLAGS, launchdarklyAddresses } from "./addresses.js";
import { UNKNOWN_OPERATOR } from "./condition/clause.js";
import {
  FLAGS_PLACE,
  LaunchdarklyConfiguration,
  type LaunchdarklyParts,
  SEGMENTS_PLACE,
} from "./configuration.js";
import type { BigSegmentLookup } from "./evaluation/evaluation-call.js";
import type { LaunchdarklyExtras } from "./extras.js";
import { createFlagCompiler } from "./flag.js";
import { openFeatureSubject } from "./open-feature-context.js";
import { LAUNCHDARKLY_OPTION_HINTS } from "./option-hints.js";
import { createSegmentCompiler } from "./segment.js";
import { type LaunchdarklyDetails, LaunchdarklyTrace } from "./trace.js";

/** Options of {@link launchdarkly}. */
export interface LaunchdarklyOptions {
  /**
   * Looks up the big segments of a context, synchronously. The argument is the Base64 of the SHA-256 of the context's
   * key, as in the vendor's stores. Returns memberships by `<segment key>.g<generation>`, or `null` if there are none. If
   * it throws, callers get their defaults. Without it, a flag that needs a big segment is `unresolved`.
   */
  readonly bigSegments?: BigSegmentLookup | undefined;
  /**
   * If `true`, patterns that may take exponential time or that cannot be analysed never match, and all others are
   * tested in linear time. Risky patterns are reported as issues in any case. Default: `false`, as in the vendor's SDK.
   */
  readonly refuseRiskyPatterns?: boolean | undefined;
}

const NAMES: readonly (keyof LaunchdarklyOptions)[] = ["bigSegments", "refuseRiskyPatterns"];

/** LaunchDarkly's dialect, for the flags and segments of a server-side SDK. */
export interface LaunchdarklyDialect extends Dialect<LaunchdarklyDetails, LaunchdarklyExtras> {
  readonly name: "launchdarkly";
}

/**
 * Creates LaunchDarkly's dialect. Its only part is `flags`, the body of `/sdk/latest-all` with flags and segments.
 *
 * @throws OptionError for an invalid option.
 */
export function launchdarkly(options: LaunchdarklyOptions = {}): LaunchdarklyDialect {
  rejectUnknownOptions(options, NAMES, "launchdarkly", () =>
    dialectHints(LAUNCHDARKLY_OPTION_HINTS),
  );
  const { bigSegments = null } = options;
  if (bigSegments !== null && typeof bigSegments !== "function") {
    throw new OptionError(
      "bigSegments",
      "expected a function that takes the hash of a context's key and returns its memberships",
    );
  }
  const refuses = booleanOption("refuseRiskyPatterns", options.refuseRiskyPatterns, false);
  const compiler = createFlagCompiler(refuses);
  const segmentCompiler = createSegmentCompiler(refuses);
  const memory = { flags: new KeyMemory(), segments: new KeyMemory() };

  const compile = function* ({ former, payloads }: CompileInput): Steps<LaunchdarklyConfiguration> {
    const content = yield* readPart(payloads, FLAGS, (payload) => readPayload(payload, memory));
    const configuration = new LaunchdarklyConfiguration({
      ...content,
      ...{ dialect, payloads, compiler, segmentCompiler, bigSegments },
    });
    yield* configuration.adopt(former);
    return configuration;
  };

  const dialect: LaunchdarklyDialect = {
    ...launchdarklyAddresses(),
    name: "launchdarkly",
    needsSubjectKey: false, // the context has it
    openFeature: {
      takesNestedValues: true,
      attributeNames: {},
      hasNumericVariations: false,
      subjectOf: openFeatureSubject,
      metadataOf: () => ({}),
    },
    optionHints: LAUNCHDARKLY_OPTION_HINTS,
    issueCodes: ["malformed", UNKNOWN_OPERATOR, RISKY_PATTERN],
    compile: (input) => runAtOnce(compile(input)),
    compileInSteps: compile,
    createTrace: () => new LaunchdarklyTrace(),
  };
  return markRelease(dialect, RELEASE);
}

/** The undecoded flags and segments of a payload. */
type Content = Pick<LaunchdarklyParts, "flags" | "ignored" | "segments">;

/** The keys of the previous payload. */
type Memory = { readonly [Name in "flags" | "segments"]: KeyMemory };

/**
 * Splits a payload into flags and segments.
 *
 * @throws DecodeError if it has no flags.
 */
function* readPayload(payload: Payload, memory: Memory): Steps<Content> {
  const { flags, segments } = payload.items ?? {};
  if (flags !== undefined && segments !== undefined) {
    return {
      flags: yield* flagsOfItems(flags, memory.flags),
      segments: yield* flagsOfItems(segments, memory.segments),
      ignored: [],
    };
  }
  return yield* readBytes(payload.bytes, memory);
}

function* readBytes(bytes: Uint8Array, memory: Memory): Steps<Content> {
  const { flags, root } = yield* readFlags(bytes, FLAGS_PLACE, memory.flags);
  const { events, flags: given, flagValues, segments = null } = expectObject(root, "$");
  const hasValues = isJsonObject(flagValues) && Object.keys(flagValues).length > 0;
  if (flags === null && Array.isArray(events)) throw new DecodeError("$", FDV2);
  if (flags === null && hasValues) throw new DecodeError(FLAG_VALUES, NOT_READ);
  if (flags === null) throw unexpected("$.flags", "an object", given);
  const rest = documentOf(segments === null ? { segments: {} } : root, SEGMENTS_PLACE);
  if (rest.flags === null) throw unexpected("$.segments", "an object", segments);
  const ignored = hasValues ? [FLAG_VALUES_ISSUE] : [];
  return { flags, segments: rest.flags, ignored };
}

const FDV2 =
  "is a payload of LaunchDarkly's FDv2 protocol (/sdk/poll): expected flags and segments (/sdk/latest-all)";

const FLAG_VALUES = "$.flagValues";
const NOT_READ =
  'of LaunchDarkly\'s files are not read: write each in flags, such as "greeting": { "on": true, "variations": ["hello"], "fallthrough": { "variation": 0 } }';
const FLAG_VALUES_ISSUE: CompileIssue = {
  path: FLAG_VALUES,
  flagKey: null,
  code: "malformed",
  message: `${FLAG_VALUES}: ${NOT_READ}`,
};
