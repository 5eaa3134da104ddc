import {
  type CompileInput,
  type Dialect,
  OptionError,
  type OptionHints,
  RISKY_PATTERN,
  readPart,
  runAtOnce,
  type Steps,
} from "@sortition/core/dialect";
import {
  booleanOption,
  DOCUMENTATION_URL,
  markRelease,
  rejectUnknownOptions,
} from "@sortition/core/dialect-internal";
import { RELEASE } from "../version.js";
import { SPECS, statsigAddresses } from "./addresses.js";
import { UNKNOWN_CONDITION } from "./condition/condition.js";
import { UNDECIDED_PATTERN } from "./condition/core-operators.js";
import { createCompilers, StatsigConfiguration } from "./configuration.js";
import { readContent } from "./content.js";
import { CORE_RULES } from "./evaluation/core-rules.js";
import { LEGACY_RULES } from "./evaluation/legacy-rules.js";
import { readLookups, type StatsigLookups } from "./evaluation/lookups.js";
import type { SdkRules } from "./evaluation/sdk-rules.js";
import type { StatsigExtras } from "./evaluation/user.js";
import { type StatsigDetails, StatsigTrace } from "./trace.js";

/** Options of {@link statsig} and {@link statsigLegacy}. */
export interface StatsigOptions {
  /** The environment's tier, such as `production`. Default: the payload's. */
  readonly environment?: string | undefined;
  /** Looks up ID lists, countries and browsers, which are not in the payload. A flag that needs a missing lookup is `unresolved`. */
  readonly lookups?: StatsigLookups | undefined;
  /**
   * If `true`, patterns that may take exponential time or that cannot be analysed never match, and all others are
   * tested in linear time. Risky patterns are reported as issues in any case. Default: `false`.
   */
  readonly refuseRiskyPatterns?: boolean | undefined;
}

const NAMES: readonly (keyof StatsigOptions)[] = ["environment", "lookups", "refuseRiskyPatterns"];

/** Statsig's dialect, for version 2 of the definitions. */
export interface StatsigDialect extends Dialect<StatsigDetails, StatsigExtras> {
  readonly name: "statsig";
}

/** Statsig's dialect for version 1 of the definitions. */
export interface StatsigLegacyDialect extends Dialect<StatsigDetails, StatsigExtras> {
  readonly name: "statsig-legacy";
}

/**
 * Creates Statsig's dialect, which evaluates like `@statsig/statsig-node-core`. Its only part is `flags`, the body of
 * `/v2/download_config_specs`.
 *
 * @throws OptionError for an invalid option.
 */
export function statsig(options: StatsigOptions = {}): StatsigDialect {
  return createDialect("statsig", CORE_RULES, options);
}

/**
 * Creates the dialect of Statsig's older SDK, `statsig-node`. Its only part is `flags`, the body of
 * `/v1/download_config_specs`.
 *
 * @throws OptionError for an invalid option.
 */
export function statsigLegacy(options: StatsigOptions = {}): StatsigLegacyDialect {
  return createDialect("statsig-legacy", LEGACY_RULES, options);
}

const PAGE = `${DOCUMENTATION_URL}/vendors/statsig.md`;

/** Options of a client, or of the vendor's SDK, that are given to the dialect. */
const DIALECT_HINTS: OptionHints = {
  page: PAGE,
  names: {
    tier: "use environment",
    environmentTier: "use environment",
    serverSecret: "pass it to the client as apiKey",
    secretKey: "pass it to the client as apiKey",
    sdkKey: "pass it to the client as apiKey",
    apiKey: "pass it to the client",
  },
};

function createDialect<Name extends string>(
  name: Name,
  sdk: SdkRules,
  options: StatsigOptions,
): Dialect<StatsigDetails, StatsigExtras> & { readonly name: Name } {
  const factory = name === "statsig" ? "statsig" : "statsigLegacy";
  rejectUnknownOptions(options, NAMES, factory, () => DIALECT_HINTS);
  const { environment = null } = options;
  if (environment !== null && (typeof environment !== "string" || environment === "")) {
    throw new OptionError("environment", "expected a tier, such as production");
  }
  const lookups = readLookups(options.lookups);
  const refuses = booleanOption("refuseRiskyPatterns", options.refuseRiskyPatterns, false);
  const compilers = createCompilers(sdk, refuses);

  const compile = function* ({ former, payloads }: CompileInput): Steps<StatsigConfiguration> {
    // biome-ignore lint/correctness/useYield: a payload is read in one step
    const content = yield* readPart(payloads, SPECS, function* ({ bytes }) {
      return readContent(bytes, sdk);
    });
    const parts = { dialect, payloads, content, compilers, lookups, environment };
    const configuration = new StatsigConfiguration(parts);
    yield* configuration.adopt(former);
    return configuration;
  };

  const dialect = {
    ...statsigAddresses(sdk.name),
    name,
    needsSubjectKey: false, // a custom ID may be hashed instead
    openFeature: {
      takesNestedValues: true,
      attributeNames: {},
      hasNumericVariations: false,
      subjectOf: null,
      metadataOf: ({ groupName, ruleID }: StatsigDetails) => ({ ruleID, groupName }),
    },
    optionHints: {
      page: PAGE,
      names: {
        sdkKey: "use apiKey",
        secretKey: "use apiKey",
        api: "use baseUrl",
        specsUrl: "use baseUrl",
        rulesetsSyncIntervalMs: "use pollIntervalMs",
        specsSyncIntervalMs: "use pollIntervalMs",
        environment: `set it on the dialect: ${factory}({ environment })`,
        bootstrapValues: "use initialConfiguration",
      },
    },
    issueCodes: ["malformed", UNKNOWN_CONDITION, RISKY_PATTERN, UNDECIDED_PATTERN],
    compile: (input: CompileInput) => runAtOnce(compile(input)),
    compileInSteps: compile,
    createTrace: () => new StatsigTrace(),
  };
  return markRelease(dialect, RELEASE);
}
