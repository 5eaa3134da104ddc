import {
  booleanOption,
  type Dialect,
  markRelease,
  rejectUnknownOptions,
} from "@sortition/core/dialect";
import { type EvaluationDetails, type UfcFormat, ufcDialect } from "@sortition/core/eppo";
import { RELEASE } from "../version.js";
import { addressesOf } from "./addresses.js";
import { compileCondition } from "./condition/condition.js";
import { reasonOf } from "./condition/reason.js";
import { decodeFlag } from "./decode-flag.js";
import { DATADOG_OPTION_HINTS } from "./option-hints.js";
import { readDocument } from "./read-document.js";
import { checkEnvironment, checkSite, DEFAULT_SITE } from "./sites.js";

/** Options of {@link datadog}. */
export interface DatadogOptions {
  /** Name of the environment, for clients that fetch with the dialect's addresses, such as `edgeClient`. Default: none. */
  readonly env?: string | undefined;
  /** Site of the organisation, for the same clients, e.g. `datadoghq.eu`. Default: `datadoghq.com`. */
  readonly site?: string | undefined;
  /**
   * Whether patterns that may take exponential time, or cannot be analysed, match nobody, and all others are tested in
   * linear time. Risky ones are issues in any case. Default: false, as the vendor's SDK.
   */
  readonly refuseRiskyPatterns?: boolean;
}

/** Where Datadog's format differs from Eppo's, from which it descends. */
const FORMAT: UfcFormat = { decodeFlag, compileCondition, reasonOf };

/**
 * The dialect of Datadog's feature flags: rules-based configurations of the server side as JSON. A subject needs no key:
 * evaluation without one fails at the first split that assigns by it.
 *
 * @throws OptionError for a bad option.
 */
export function datadog(options: DatadogOptions = {}): Dialect<EvaluationDetails> {
  rejectUnknownOptions(options, ["env", "refuseRiskyPatterns", "site"]);
  const { env, site = DEFAULT_SITE } = options;
  if (env !== undefined) checkEnvironment(env);
  checkSite(site);
  const dialect = ufcDialect({
    facts: {
      ...addressesOf(site, env ?? null),
      needsSubjectKey: false,
      takesEmptySubjectKey: true,
      readsNestedAttributes: false,
      optionHints: DATADOG_OPTION_HINTS,
    },
    format: FORMAT,
    read: readDocument,
    refuseRiskyPatterns: booleanOption("refuseRiskyPatterns", options.refuseRiskyPatterns, false),
  });
  return markRelease(dialect, RELEASE);
}
