import { readValueOverrides } from "./client/overrides.js";
import type { PayloadContent } from "./configuration/received.js";
import type { AssignmentLogger } from "./delivery/assignment-logger.js";
import { PrecomputedClient } from "./eppo/precomputed/client.js";
import { decodePrecomputed, type PrecomputedBody } from "./eppo/precomputed/decode.js";
import { DecodeError, OptionError } from "./errors/errors.js";
import { guarded } from "./errors/guard.js";
import { inPart } from "./errors/in-part.js";
import { booleanOption, requireMethods, requireOptions } from "./errors/option-checks.js";
import { checkLogger } from "./events/loggers.js";
import type { EvaluationObserver } from "./model/observed-evaluation.js";
import type { Override } from "./model/override.js";
import { type Clock, createClock } from "./runtime/clock.js";
import { consoleDiagnostics, type Diagnostics } from "./runtime/diagnostics.js";
import { observersOf } from "./runtime/observers.js";
import { textOf } from "./runtime/text.js";
import { RELEASE } from "./runtime/version.js";

/** Options of a client that looks up precomputed results. `undefined` is treated as absent. */
export interface PrecomputedClientOptions {
  /** The result of `client.getPrecomputedConfiguration(…)`, as a string or bytes. */
  readonly precomputedConfiguration: PayloadContent;
  /**
   * Receives exposures. `null`: nothing is logged. Default: the first 100 assignments and the first 100 bandit actions
   * are kept until `setAssignmentLogger` is called.
   */
  readonly assignmentLogger?: AssignmentLogger | null | undefined;
  /**
   * Whether an exposure is logged only if it differs from the flag's last one. A bandit action is also logged again
   * after 10 minutes without a call. Default: true.
   */
  readonly deduplication?: boolean | undefined;
  /** Called synchronously after each call of a getter: one function, or several. */
  readonly onEvaluation?: EvaluationObserver | readonly EvaluationObserver[] | undefined;
  /** Whether getters return the default value instead of throwing. Default: true. */
  readonly isGracefulMode?: boolean | undefined;
  /** Variations to return instead of the precomputed results, by flag key. */
  readonly overrides?: Readonly<Record<string, Override>> | undefined;
  /** Receives warnings and errors. Default: the console. */
  readonly diagnostics?: Diagnostics | undefined;
  /** Replaces any part of the clock, for tests. */
  readonly clock?: Partial<Clock> | undefined;
}

const OPTION_NAMES: readonly (keyof PrecomputedClientOptions)[] = [
  "precomputedConfiguration",
  "assignmentLogger",
  "onEvaluation",
  "deduplication",
  "isGracefulMode",
  "overrides",
  "diagnostics",
  "clock",
];

/**
 * Creates a client of results that were precomputed for one subject. It fetches nothing.
 *
 * @throws DecodeError if the results are unusable.
 * @throws OptionError for an invalid option.
 */
export function createPrecomputedClient(options: PrecomputedClientOptions): PrecomputedClient {
  requireOptions(options, "options", ": write { precomputedConfiguration, … }");
  for (const name of Object.keys(options)) {
    // The nearest known name is not suggested, to keep this entry small.
    if (!(OPTION_NAMES as readonly string[]).includes(name)) {
      const isBody = /configuration|payload|bootstrap/i.test(name);
      throw new OptionError(
        name,
        `unknown option${isBody ? "; use precomputedConfiguration" : ""}`,
      );
    }
  }
  const { assignmentLogger: logger, precomputedConfiguration } = options;
  if (logger !== undefined && logger !== null) checkLogger("assignmentLogger", logger);
  requireMethods(
    "diagnostics",
    options.diagnostics,
    ["debug", "info", "warn", "error"],
    ', such as consoleDiagnostics("debug")',
  );
  const isGraceful = booleanOption("isGracefulMode", options.isGracefulMode, true);
  const deduplicates = booleanOption("deduplication", options.deduplication, true);
  const clock = createClock(options.clock);
  const diagnostics = options.diagnostics ?? consoleDiagnostics();
  const observers = observersOf(options.onEvaluation, diagnostics);
  const issues: DecodeError[] = [];
  const body = decode(precomputedConfiguration, (issue) => void issues.push(issue));
  const [first] = issues;
  if (first !== undefined) {
    const { path, problem } = first;
    const facts = { found: issues.length, path, problem };
    guarded(
      () => diagnostics.warn("configuration has issues", facts),
      () => {},
    );
  }
  return new PrecomputedClient({
    body,
    issueCount: issues.length,
    overrides: readValueOverrides(options.overrides),
    isGraceful,
    deduplicates,
    logger,
    clock,
    diagnostics,
    observers,
    metaData: Object.freeze({
      obfuscated: true,
      sdkLanguage: "javascript",
      sdkName: RELEASE.name,
      sdkLibVersion: RELEASE.version,
    }),
  });
}

function decode(content: PayloadContent, report: (error: DecodeError) => void): PrecomputedBody {
  const part = "precomputedConfiguration";
  if (typeof content !== "string" && !ArrayBuffer.isView(content)) {
    const body = "bytes or a string";
    const problem =
      content === undefined
        ? `is missing: pass the body of the response, as ${body}`
        : `expected ${body}: pass JSON.stringify(content)`;
    throw new OptionError(part, problem);
  }
  try {
    return decodePrecomputed(
      parse(typeof content === "string" ? content : textOf(content)),
      report,
    );
  } catch (error) {
    throw inPart(error, part);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new DecodeError("$", "expected JSON", { isJson: false });
  }
}
