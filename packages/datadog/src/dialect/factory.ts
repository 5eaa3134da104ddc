import type { Dialect } from "@sortition/core/dialect";
import {
  booleanOption,
  dialectHints,
  markRelease,
  rejectUnknownOptions,
} from "@sortition/core/dialect-internal";
import { type EvaluationDetails, type UfcFormat, ufcDialect } from "@sortition/core/eppo";
import { RELEASE } from "../version.js";
import { addressesOf } from "./addresses.js";
import { compileCondition } from "./condition/condition.js";
import { reasonOf } from "./condition/reason.js";
import { decodeFlag } from "./decode-flag.js";
import { DATADOG_OPTION_HINTS } from "./option-hints.js";
import { readDocument } from "./read-document.js";
import { readEnvironment, readSite } from "./sites.js";

/** Options of {@link datadog}. */
export interface DatadogOptions {
  /** Name of the environment. Only for clients that use the dialect's addresses, such as `edgeClient`. Default: none. */
  readonly env?: string | undefined;
  /** Datadog site of the organisation, e.g. `datadoghq.eu`, for the same clients. Default: `datadoghq.com`. */
  readonly site?: string | undefined;
  /**
   * Whether patterns that may take exponential time or cannot be analysed never match. All others are then tested in
   * linear time. Risky patterns are always reported as issues. Default: false, like the vendor's SDK.
   */
  readonly refuseRiskyPatterns?: boolean | undefined;
}

/** The differences from Eppo's format, from which Datadog's descends. */
const FORMAT: UfcFormat = { decodeFlag, compileCondition, reasonOf };

/**
 * Creates the dialect for Datadog's feature flags, which reads rules-based server-side configurations as JSON. A
 * subject key is optional: evaluation without one fails at the first split that needs it.
 *
 * @throws OptionError for an invalid option.
 */
export function datadog(options: DatadogOptions = {}): Dialect<EvaluationDetails> {
  rejectUnknownOptions(options, ["env", "refuseRiskyPatterns", "site"], undefined, () =>
    dialectHints(DATADOG_OPTION_HINTS),
  );
  const env = options.env === undefined ? null : readEnvironment("env", options.env);
  const site = readSite("site", options.site);
  const dialect = ufcDialect({
    facts: {
      ...addressesOf(site, env),
      needsSubjectKey: false,
      takesEmptySubjectKey: true,
      openFeature: {
        takesNestedValues: true,
        attributeNames: {},
        hasNumericVariations: false,
        subjectOf: null,
        metadataOf: () => ({}),
      },
      optionHints: DATADOG_OPTION_HINTS,
    },
    format: FORMAT,
    read: readDocument,
    refuseRiskyPatterns: booleanOption("refuseRiskyPatterns", options.refuseRiskyPatterns, false),
  });
  return markRelease(dialect, RELEASE);
}
