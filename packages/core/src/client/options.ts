import type { ConfigurationSource } from "../configuration/source.js";
import { OptionError } from "../errors/errors.js";
import {
  booleanOption,
  integerOption,
  rejectUnknownOptions,
  requireFunction,
  requireMethods,
} from "../errors/option-checks.js";
import type { DeduplicationPolicy } from "../events/dedupe.js";
import type { AssignmentLogger } from "../events/logger.js";
import type { Configuration } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { Override } from "../model/override.js";
import { CLOCK_PARTS, type Clock } from "../runtime/clock.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { AbortSignalLike } from "../runtime/host.js";
import type { Random } from "../runtime/random.js";
import { type Overrides, readOverrides } from "./overrides.js";

/** What is remembered so that nothing is logged twice. */
export interface DeduplicationOptions {
  /** Assignments; the last 50 000 (subject, flag) pairs unless given. `false`: log every one. */
  readonly assignments?: DeduplicationPolicy | false;
  /** Choices of bandits; the last 50 000 (subject, flag) pairs, for 10 minutes, unless given. */
  readonly bandits?: DeduplicationPolicy | false;
}

/** How events are made. */
export interface ExposureOptions {
  /** Give every event the record of details, also without a details getter. Default: false. */
  readonly includeEvaluationDetails?: boolean;
}

/** Options of a client on any runtime. `undefined` is as good as absent. */
export interface ClientOptions<Details extends object = object> {
  /** Wire format and semantics; the source's or the initial configuration's, else `eppo()`. */
  readonly dialect?: Dialect<Details> | undefined;
  /** Where configurations come from. None: only `initialConfiguration` and `setConfiguration`. */
  readonly source?: ConfigurationSource | undefined;
  /** Served at once, until the source brings another. */
  readonly initialConfiguration?: Configuration | undefined;
  /** When a client without a configuration counts as failed, ms. Default: 5 000. */
  readonly readyTimeoutMs?: number | undefined;
  /** Age from which a configuration counts as stale, ms; `null`: never. Default: 3 intervals of the source and one look. */
  readonly staleAfterMs?: number | null | undefined;
  /** Where exposures go. `null`: nowhere. Absent: the first 100 wait for `setAssignmentLogger`. */
  readonly assignmentLogger?: AssignmentLogger | null | undefined;
  /** `false`: log every exposure. */
  readonly deduplication?: DeduplicationOptions | false | undefined;
  /** Getters never throw, and answer with the default value instead. Default: true. */
  readonly isGracefulMode?: boolean | undefined;
  readonly overrides?: Overrides | undefined;
  readonly exposures?: ExposureOptions | undefined;
  /** Warnings and errors; default: the console (stderr on Node). */
  readonly diagnostics?: Diagnostics | undefined;
  /** Any part of the clock; what is missing is real. */
  readonly clock?: Partial<Clock> | undefined;
  /** Used for jitter only. */
  readonly random?: Random | undefined;
  /** Closes the client at once when it is aborted. */
  readonly signal?: AbortSignalLike | undefined;
}

/** Names of all options of {@link ClientOptions}. */
export const CLIENT_OPTION_NAMES: readonly (keyof ClientOptions)[] = [
  "dialect",
  "source",
  "initialConfiguration",
  "readyTimeoutMs",
  "staleAfterMs",
  "assignmentLogger",
  "deduplication",
  "isGracefulMode",
  "overrides",
  "exposures",
  "diagnostics",
  "clock",
  "random",
  "signal",
];

const DEFAULT_READY_TIMEOUT_MS = 5_000;
const DEFAULT_REQUEST_TIMEOUT_MS = 5_000;
const MAX_TIMEOUT_MS = 600_000;
const DEFAULT_DEDUPLICATION: DeduplicationPolicy = { max: 50_000 };
const DEFAULT_BANDIT_DEDUPLICATION: DeduplicationPolicy = { max: 50_000, ttlMs: 600_000 };

/** Options with their defaults, checked. */
export interface CheckedOptions {
  readonly readyTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly staleAfterMs: number | null;
  readonly isGracefulMode: boolean;
  readonly includeEvaluationDetails: boolean;
  /** `null`: off. */
  readonly deduplication: DeduplicationPolicy | null;
  /** `null`: off. */
  readonly banditDeduplication: DeduplicationPolicy | null;
  readonly overrides: ReadonlyMap<string, Override>;
}

/** @throws OptionError that names the option. */
export function checkOptions(options: ClientOptions, dialect: Dialect): CheckedOptions {
  rejectUnknownOptions(options, CLIENT_OPTION_NAMES);
  const { exposures, initialConfiguration, source, diagnostics, assignmentLogger } = options;
  requireMethods("dialect", options.dialect, ["compile", "createTrace"]);
  if (typeof dialect.name !== "string") throw new OptionError("dialect", "expected a name");
  requireMethods("source", source, ["subscribe", "refresh"]);
  requireMethods("initialConfiguration", initialConfiguration, ["flag"]);
  requireMethods("diagnostics", diagnostics, ["debug", "info", "warn", "error"]);
  requireMethods("signal", options.signal, ["addEventListener", "removeEventListener"]);
  requireFunction("random", options.random);
  checkClock(options.clock);
  if (assignmentLogger !== undefined) checkLogger(assignmentLogger);
  sameDialect("source", source?.dialect, dialect);
  sameDialect("initialConfiguration", initialConfiguration?.dialect, dialect);
  if (exposures !== undefined) {
    rejectUnknownOptions(exposures, ["includeEvaluationDetails"], "exposures");
  }
  const requestTimeoutMs = source?.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS;
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
    includeEvaluationDetails: booleanOption(
      "exposures.includeEvaluationDetails",
      exposures?.includeEvaluationDetails,
      false,
    ),
    ...checkDeduplication(options.deduplication),
    overrides: readOverrides(options.overrides),
  };
}

function staleAfterMs(
  value: number | null | undefined,
  intervalMs: number | null,
  requestTimeoutMs: number,
): number | null {
  if (value === null) return null;
  const bounds = { min: intervalMs ?? 1, max: Number.MAX_SAFE_INTEGER };
  const checked = integerOption("staleAfterMs", value, bounds, null);
  // Where nothing refreshes, nothing is stale.
  if (intervalMs === null) return null;
  return checked ?? 3 * intervalMs + requestTimeoutMs;
}

/** @throws OptionError unless it is a logger, or `null` for none. */
export function checkLogger(logger: AssignmentLogger | null): void {
  // `undefined` is none of the two either, though it passes for an absent option.
  if (logger !== null) requireMethods("assignmentLogger", logger ?? {}, ["logAssignment"]);
}

/** @throws OptionError unless every part that is given is a function. */
export function checkClock(clock: Partial<Clock> | undefined): void {
  requireMethods("clock", clock, []);
  for (const part of CLOCK_PARTS) requireFunction(`clock.${part}`, clock?.[part]);
}

function checkDeduplication(
  options: DeduplicationOptions | false | undefined,
): Pick<CheckedOptions, "deduplication" | "banditDeduplication"> {
  if (options === false) return { deduplication: null, banditDeduplication: null };
  if (options !== undefined) {
    rejectUnknownOptions(options, ["assignments", "bandits"], "deduplication");
  }
  const { assignments, bandits } = options ?? {};
  return {
    deduplication: checkPolicy("assignments", assignments, DEFAULT_DEDUPLICATION),
    banditDeduplication: checkPolicy("bandits", bandits, DEFAULT_BANDIT_DEDUPLICATION),
  };
}

function checkPolicy(
  kind: keyof DeduplicationOptions,
  policy: DeduplicationPolicy | false | undefined,
  fallback: DeduplicationPolicy,
): DeduplicationPolicy | null {
  if (policy === undefined) return fallback;
  if (policy === false) return null;
  const option = `deduplication.${kind}`;
  rejectUnknownOptions(policy, ["max", "ttlMs"], option);
  const { max, ttlMs } = policy;
  const isSize = max === Number.POSITIVE_INFINITY || (Number.isInteger(max) && max >= 0);
  if (!isSize) throw new OptionError(`${option}.max`, "expected an integer from 0");
  if (ttlMs !== undefined && !(typeof ttlMs === "number" && ttlMs >= 1)) {
    throw new OptionError(`${option}.ttlMs`, "expected at least 1");
  }
  return policy;
}

function sameDialect(option: string, given: Dialect | null | undefined, dialect: Dialect): void {
  if (given && given.name !== dialect.name) {
    const problem = `speaks the dialect "${given.name}", the client "${dialect.name}"`;
    throw new OptionError(option, problem);
  }
}
