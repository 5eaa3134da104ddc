import type { ConfigurationSource } from "../configuration/source.js";
import { OptionError } from "../errors/errors.js";
import {
  booleanOption,
  integerOption,
  rejectUnknownOptions,
  requireFunction,
  requireMethods,
} from "../errors/option-checks.js";
import type { Loggers } from "../events/loggers.js";
import { checkLoggers } from "../events/loggers.js";
import type { Configuration } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { EvaluationObserver } from "../model/observed-evaluation.js";
import type { Override } from "../model/override.js";
import { CLOCK_PARTS, type Clock } from "../runtime/clock.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { AbortSignalLike } from "../runtime/host.js";
import { readObservers } from "../runtime/observers.js";
import type { Random } from "../runtime/random.js";
import {
  type CheckedDeduplication,
  type CheckedExposureOptions,
  checkDeduplication,
  checkExposures,
  DEFAULT_DEDUPLICATION,
  DEFAULT_EXPOSURES,
  type DeduplicationOptions,
  type ExposureOptions,
} from "./exposure-options.js";
import { requireSameDialect } from "./lifecycle/same-dialect.js";
import { type Overrides, readOverrides } from "./overrides.js";
import type { WaitUntil } from "./wait-until.js";

/** Options of a client on any runtime. `undefined` means absent. */
export interface ClientOptions<Details extends object = object, Extras = unknown> {
  /**
   * Wire format and semantics. Default: the dialect of the source or of the initial configuration, otherwise `eppo()`.
   */
  readonly dialect?: Dialect<Details, Extras> | undefined;
  /** Where configurations come from. Default: only `initialConfiguration` and `setConfiguration`. */
  readonly source?: ConfigurationSource | undefined;
  /** Configuration to use until the source provides another. */
  readonly initialConfiguration?: Configuration | undefined;
  /** Time after which a client without a configuration is in the state `error`, ms. Default: 5,000. */
  readonly readyTimeoutMs?: number | undefined;
  /**
   * Age at which a configuration becomes stale, ms. `null`: never. Default: 3 intervals of the source plus one request
   * timeout.
   */
  readonly staleAfterMs?: number | null | undefined;
  /**
   * Receives exposures: one logger, or several that each receive every event. `null`: nothing is logged. Default: the
   * first 100 assignments and the first 100 bandit actions wait for `setAssignmentLogger`.
   */
  readonly assignmentLogger?: Loggers | null | undefined;
  /**
   * Called synchronously after each evaluation, of experiments and of all other flags: one function, or several. See
   * {@link ObservedEvaluation}.
   */
  readonly onEvaluation?: EvaluationObserver | readonly EvaluationObserver[] | undefined;
  /** Deduplication of exposures. `false`: log every exposure. */
  readonly deduplication?: DeduplicationOptions | false | undefined;
  /** Whether getters return the default value instead of throwing. Default: true. */
  readonly isGracefulMode?: boolean | undefined;
  readonly overrides?: Overrides | undefined;
  readonly exposures?: ExposureOptions | undefined;
  /** Receives warnings and errors. Default: the console (stderr on Node). */
  readonly diagnostics?: Diagnostics | undefined;
  /** Replaces any part of the clock, for tests. */
  readonly clock?: Partial<Clock> | undefined;
  /** Random numbers for jitter and salts. Assignments never use them. */
  readonly random?: Random | undefined;
  /** Closes the client immediately when the signal is aborted. */
  readonly signal?: AbortSignalLike | undefined;
  /**
   * Keeps a serverless platform awake while events are delivered. Called with a promise for each drain of a logger's
   * queue, including the logger's `flush`. The promise never rejects.
   */
  readonly waitUntil?: WaitUntil | undefined;
  /** The package that creates the client, for packages built on this one. `metaData` of events names it. */
  readonly sdk?: { readonly name: string; readonly version: string } | undefined;
}

/** Names of all options of {@link ClientOptions}. */
export const CLIENT_OPTION_NAMES: readonly (keyof ClientOptions)[] = [
  "dialect",
  "source",
  "initialConfiguration",
  "readyTimeoutMs",
  "staleAfterMs",
  "assignmentLogger",
  "onEvaluation",
  "deduplication",
  "isGracefulMode",
  "overrides",
  "exposures",
  "diagnostics",
  "clock",
  "random",
  "signal",
  "waitUntil",
  "sdk",
];

const DEFAULT_READY_TIMEOUT_MS = 5_000;
const DEFAULT_REQUEST_TIMEOUT_MS = 5_000;
const MAX_TIMEOUT_MS = 600_000;

/** Checked options, with defaults. */
export interface CheckedOptions {
  readonly readyTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly staleAfterMs: number | null;
  readonly isGracefulMode: boolean;
  readonly exposures: CheckedExposureOptions;
  readonly deduplication: CheckedDeduplication;
  readonly overrides: ReadonlyMap<string, Override>;
  readonly observers: readonly EvaluationObserver[];
}

/** @throws OptionError that names the option. */
export function checkOptions(options: ClientOptions, dialect: Dialect): CheckedOptions {
  rejectUnknownOptions(options, CLIENT_OPTION_NAMES, undefined, () => dialect.optionHints);
  const { initialConfiguration, source, diagnostics, assignmentLogger } = options;
  requireMethods("dialect", options.dialect, ["compile", "createTrace"]);
  if (typeof dialect.name !== "string") throw new OptionError("dialect", "expected a name");
  requireMethods("source", source, ["subscribe", "refresh"]);
  if (typeof initialConfiguration === "string") {
    const problem = "is a string: pass Configuration.from({ flagsConfiguration })";
    throw new OptionError("initialConfiguration", problem);
  }
  requireMethods("initialConfiguration", initialConfiguration, ["flag"]);
  requireMethods("diagnostics", diagnostics, ["debug", "info", "warn", "error"]);
  requireMethods("signal", options.signal, ["addEventListener", "removeEventListener"]);
  requireFunction("random", options.random);
  requireFunction("waitUntil", options.waitUntil);
  checkClock(options.clock);
  if (assignmentLogger !== undefined) checkLoggers("assignmentLogger", assignmentLogger);
  requireSameDialect("source", source?.dialect, dialect);
  requireSameDialect("initialConfiguration", initialConfiguration?.dialect, dialect);
  const requestTimeoutMs = source?.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS;
  // Absent options are not checked, so that the engine need not compile the checks and a start is faster.
  const { deduplication, exposures, overrides } = options;
  return {
    requestTimeoutMs,
    readyTimeoutMs: integerOption(
      "readyTimeoutMs",
      options.readyTimeoutMs,
      { min: 0, max: MAX_TIMEOUT_MS },
      DEFAULT_READY_TIMEOUT_MS,
    ),
    staleAfterMs: staleAfterMs(options.staleAfterMs, source?.intervalMs ?? null, requestTimeoutMs),
    isGracefulMode: booleanOption("isGracefulMode", options.isGracefulMode, true),
    exposures: exposures === undefined ? DEFAULT_EXPOSURES : checkExposures(exposures),
    deduplication:
      deduplication === undefined ? DEFAULT_DEDUPLICATION : checkDeduplication(deduplication),
    overrides: overrides === undefined ? new Map() : readOverrides(overrides),
    observers: readObservers(options.onEvaluation),
  };
}

function staleAfterMs(
  value: number | null | undefined,
  intervalMs: number | null,
  requestTimeoutMs: number,
): number | null {
  if (value === null) return null;
  const bounds = { min: intervalMs ?? 1, max: Number.MAX_SAFE_INTEGER };
  const fallback = intervalMs === null ? null : 3 * intervalMs + requestTimeoutMs;
  return integerOption("staleAfterMs", value, bounds, fallback);
}

/** @throws OptionError if a given part is not a function. */
export function checkClock(clock: Partial<Clock> | undefined): void {
  requireMethods("clock", clock, []);
  for (const part of CLOCK_PARTS) requireFunction(`clock.${part}`, clock?.[part]);
}
