import {
  type CompileInput,
  type Dialect,
  expectObject,
  type FlagsDocument,
  type FlagsPlace,
  isJsonObject,
  OptionError,
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
  KeyMemory,
  markRelease,
  rejectUnknownOptions,
} from "@sortition/core/dialect-internal";
import { RELEASE } from "../version.js";
import { addressesOf, FLAGS } from "./addresses.js";
import { createCohortCompiler } from "./condition/cohort.js";
import {
  FLAGS_PLACE,
  type ListedFlag,
  PosthogConfiguration,
  sharedPartsOf,
} from "./configuration.js";
import type { PosthogExtras } from "./extras.js";
import { createFlagCompiler, type FlagCompilerOptions, isInContext } from "./flag-compiler.js";
import { readRuntime } from "./flag-wire.js";
import { POSTHOG_OPTION_HINTS } from "./option-hints.js";
import { projectKeyProblem } from "./project-key.js";
import { type PosthogDetails, PosthogTrace } from "./trace.js";

const HOSTS = { us: "https://us.i.posthog.com", eu: "https://eu.i.posthog.com" } as const;

/** Options of {@link posthog}. */
export interface PosthogOptions {
  /**
   * The project's API key, `phc_…`. Requesting definitions needs both this key and the secret key, which is the
   * `apiKey` of the client or the origin.
   */
  readonly projectApiKey?: string | undefined;
  /** Only flags with one of these evaluation contexts, or without any, are evaluated. Default: all flags. */
  readonly evaluationContexts?: readonly string[] | undefined;
  /**
   * If `true`, patterns that may take exponential time or that cannot be analysed never match, and all others are
   * tested in linear time. Risky patterns are reported as issues in any case. Default: `false`, as in the vendor's SDK.
   */
  readonly refuseRiskyPatterns?: boolean | undefined;
  /** Region of the project, `us` (default) or `eu`. A `baseUrl` takes precedence. */
  readonly region?: "us" | "eu" | undefined;
}

const NAMES: readonly (keyof PosthogOptions)[] = [
  ...(["projectApiKey", "evaluationContexts", "refuseRiskyPatterns", "region"] as const),
];

/** PostHog's dialect, for flag definitions that are evaluated locally. */
export interface PosthogDialect extends Dialect<PosthogDetails, PosthogExtras> {
  readonly name: "posthog";
}

/**
 * Creates PostHog's dialect. Its only part is `flags`, the body of `/flags/definitions` with cohorts and group types.
 *
 * @throws OptionError for an invalid option.
 */
export function posthog(options: PosthogOptions = {}): PosthogDialect {
  const { evaluationContexts, projectApiKey, refuses, region } = checked(options);
  const memory = new KeyMemory();
  const compilerOptions: FlagCompilerOptions = {
    evaluationContexts: new Set(evaluationContexts),
    refuses,
  };
  const compiler = createFlagCompiler(compilerOptions);
  const cohortCompiler = createCohortCompiler(refuses);
  const { evaluationContexts: contexts } = compilerOptions;
  const place: FlagsPlace =
    contexts.size === 0
      ? FLAGS_PLACE
      : { ...FLAGS_PLACE, exists: (flag) => isInContext(flag, contexts) };

  const compile = function* ({ former, payloads }: CompileInput): Steps<PosthogConfiguration> {
    const { flags: raw, root } = yield* readPart(payloads, FLAGS, ({ bytes }) =>
      readDefinitions(bytes, place, memory),
    );
    const configuration = new PosthogConfiguration({
      dialect,
      payloads,
      raw,
      shared: sharedPartsOf(root),
      hasMinimalEvents: root["minimal_flag_called_events"] === true,
      listed: listedFlags(root[FLAGS], raw.keys, contexts),
      compiler,
      compilerWith: (make) => createFlagCompiler(compilerOptions, make),
      cohortCompiler,
      hasAllFlags: evaluationContexts.length === 0,
    });
    yield* configuration.adopt(former);
    return configuration;
  };

  const dialect: PosthogDialect = {
    ...addressesOf(projectApiKey, HOSTS[region]),
    name: "posthog",
    needsSubjectKey: true,
    openFeature: {
      takesNestedValues: true,
      attributeNames: { groups: "$groups", groupProperties: "$group_properties" },
      hasNumericVariations: true,
      subjectOf: null,
      metadataOf: ({ flagId, hasExperiment }) => ({ flagId, hasExperiment }),
    },
    optionHints: POSTHOG_OPTION_HINTS,
    issueCodes: ["malformed", "unknown-operator", "unsupported", RISKY_PATTERN],
    compile: (input) => runAtOnce(compile(input)),
    compileInSteps: compile,
    createTrace: () => new PosthogTrace(),
  };
  return markRelease(dialect, RELEASE);
}

interface Definitions {
  readonly root: Readonly<Record<string, unknown>>;
  readonly flags: NonNullable<FlagsDocument["flags"]>;
}

/**
 * Splits the definitions into flags.
 *
 * @throws DecodeError if the body has no list of flags.
 */
function* readDefinitions(
  bytes: Uint8Array,
  place: FlagsPlace,
  memory: KeyMemory,
): Steps<Definitions> {
  const document = yield* readFlags(bytes, place, memory);
  const root = expectObject(document.root, "$");
  // Quirk: `null` means an empty list (posthog).
  const flags =
    document.flags === null && Object.hasOwn(root, FLAGS) && root[FLAGS] === null
      ? (yield* readFlags(NO_FLAGS, FLAGS_PLACE)).flags
      : document.flags;
  if (flags !== null) return { root, flags };
  throw unexpected("$.flags", "an array", Object.hasOwn(root, FLAGS) ? root[FLAGS] : undefined);
}

/** The bytes of `{"flags":[]}`. */
const NO_FLAGS: Uint8Array = /* @__PURE__ */ Uint8Array.from('{"flags":[]}', (it) =>
  it.charCodeAt(0),
);

/**
 * Returns the relevant definitions in order, or `null` if their keys are unique and already in that order.
 *
 * @param flags - the parsed list, or `null` if the flags were indexed without parsing them, which requires unique keys.
 * @param keys - the flags' keys in object order, which puts numeric keys first.
 */
function listedFlags(
  flags: unknown,
  keys: ReadonlySet<string>,
  contexts: ReadonlySet<unknown>,
): readonly ListedFlag[] | null {
  const [first = ""] = keys;
  if (!Array.isArray(flags) || (flags.length === keys.size && !/^\d+$/.test(first))) return null;
  return flags.flatMap((flag: unknown): ListedFlag[] => {
    if (!isJsonObject(flag) || !isInContext(flag, contexts)) return [];
    const { key } = flag;
    return typeof key === "string" ? [{ key, runtime: readRuntime(flag) }] : [];
  });
}

function checked(options: PosthogOptions) {
  if (typeof options === "string") {
    throw new OptionError("posthog", "got a string: write posthog({ projectApiKey })");
  }
  rejectUnknownOptions(options, NAMES, "posthog", () => dialectHints(POSTHOG_OPTION_HINTS));
  const { evaluationContexts = [], projectApiKey, region = "us" } = options;
  if (!Object.hasOwn(HOSTS, region)) throw new OptionError("region", 'expected "us" or "eu"');
  if (projectApiKey !== undefined && !isKey(projectApiKey)) {
    throw new OptionError("projectApiKey", "expected a non-empty string");
  }
  const problem = projectApiKey === undefined ? null : projectKeyProblem(projectApiKey);
  if (problem !== null) throw new OptionError("projectApiKey", problem);
  const areStrings =
    Array.isArray(evaluationContexts) && evaluationContexts.every((it) => typeof it === "string");
  if (!areStrings) throw new OptionError("evaluationContexts", "expected an array of strings");
  const refuses = booleanOption("refuseRiskyPatterns", options.refuseRiskyPatterns, false);
  return { evaluationContexts, projectApiKey, refuses, region };
}

function isKey(value: unknown): boolean {
  return typeof value === "string" && value.trim() !== "";
}
