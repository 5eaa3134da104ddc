import { requireConfiguration } from "../configuration/require-configuration.js";
import type { ConfigurationSource } from "../configuration/source.js";
import { OptionError } from "../errors/errors.js";
import {
  hintsOn,
  integerOption,
  type OptionHints,
  requireMethods,
} from "../errors/option-checks.js";
import {
  boolean,
  callback,
  integer,
  type Reader,
  type Readers,
  readOptions,
  unchecked,
  withMethods,
} from "../errors/read-options.js";
import type { Loggers } from "../events/loggers.js";
import { checkLoggers } from "../events/loggers.js";
import type { Configuration } from "../model/configuration.js";
import type { Dialect } from "../model/dialect.js";
import type { EvaluationObserver } from "../model/observed-evaluation.js";
import type { Clock } from "../runtime/clock.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import type { AbortSignalLike } from "../runtime/host.js";
import { readObservers } from "../runtime/observers.js";
import type { Random } from "../runtime/random.js";
import { readClock } from "../runtime/read-clock.js";
import { readDiagnostics } from "../runtime/read-diagnostics.js";
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
import { partsOf } from "./mark.js";
import { type OverrideMap, type Overrides, readOverrides } from "./overrides.js";
import type { WaitUntil } from "./wait-until.js";

/** Options of a client on any runtime. `undefined` means absent. */
export interface ClientOptions<Details extends object = object, Extras = unknown> {
  /**
   * Wire format and semantics. Default: the dialect of the source or of the initial configuration, otherwise `eppo()`.
   */
  readonly dialect?: Dialect<Details, Extras> | undefined;
  /**
   * Where configurations come from, such as `fileSource(…)`. Several clients may share a source. Default: only
   * `initialConfiguration` and `setConfiguration`; in `@sortition/node`, polling.
   */
  readonly source?: ConfigurationSource | undefined;
  /** Configuration to use until the source provides another. */
  readonly initialConfiguration?: Configuration | undefined;
  /**
   * How long `init` waits, and time after which a client without a configuration is in the state `error`, 0 to 600,000
   * ms. Default: 5,000.
   */
  readonly initializationTimeoutMs?: number | undefined;
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
  /** Variations that replace the evaluated ones: `{ flagKey: variationKey }` or `{ flagKey: { key, value } }`. */
  readonly overrides?: Overrides | undefined;
  /** Creation and delivery of events. */
  readonly exposures?: ExposureOptions | undefined;
  /**
   * Receives log messages: `consoleDiagnostics("debug")` prints all, `pinoDiagnostics(logger)` uses pino. Default: warnings
   * and errors on the console (stderr on Node).
   */
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

/** Absent options are not checked, so that the engine need not compile the checks and a start is faster. */
const given =
  <T, D>(check: (value: T) => D, absent: D): Reader<D> =>
  (_, value) =>
    value === undefined ? absent : check(value as T);

const READERS = () =>
  ({
    dialect: (path, value) =>
      requireMethods(path, value, ["compile", "createTrace"], ", such as dialect: growthbook()"),
    source: readSource,
    initialConfiguration: readConfiguration,
    initializationTimeoutMs: integer(0, 600_000, 5_000),
    staleAfterMs: unchecked<number | null | undefined>(),
    assignmentLogger: given(
      (it: Loggers | null) => checkLoggers("assignmentLogger", it),
      undefined,
    ),
    onEvaluation: (_, value) => readObservers(value as ClientOptions["onEvaluation"]),
    deduplication: given(checkDeduplication, DEFAULT_DEDUPLICATION),
    isGracefulMode: boolean(true),
    overrides: given(readOverrides, new Map()),
    exposures: given(checkExposures, DEFAULT_EXPOSURES),
    diagnostics: readDiagnostics,
    clock: given((it) => readClock("clock", it), undefined),
    random: callback(),
    signal: (path, value) =>
      requireMethods(
        path,
        value,
        ["addEventListener", "removeEventListener"],
        ", such as controller.signal",
      ),
    waitUntil: callback(": write (promise) => ctx.waitUntil(promise)"),
    sdk: unchecked(),
  }) satisfies Readers<ClientOptions>;

/** Hints for options that a client has. */
export const CLIENT_HINTS: OptionHints = /* @__PURE__ */ hintsOn("/reference/client.md");

/** Returns the readers of all client options, for tables of clients that have more options. */
export function clientReaders(): Readers<ClientOptions> {
  return READERS();
}

const DEFAULT_REQUEST_TIMEOUT_MS = 5_000;

/** Checked options, with defaults. */
export interface CheckedOptions {
  readonly initializationTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly staleAfterMs: number | null;
  readonly isGracefulMode: boolean;
  readonly exposures: CheckedExposureOptions;
  readonly deduplication: CheckedDeduplication;
  readonly overrides: OverrideMap;
  readonly observers: readonly EvaluationObserver[];
}

/** @throws OptionError for a part of the options that was passed instead of the options. */
export function refusePart(options: object): void {
  const { compile, fetchOnce, flag, subscribe } = options as Readonly<Record<string, unknown>>;
  const has = (method: unknown): boolean => typeof method === "function";
  const part = has(subscribe)
    ? "a source: pass { source }"
    : has(fetchOnce)
      ? "an origin: pass { source: pollingSource(origin) }"
      : has(compile)
        ? "a dialect: pass { dialect, … }"
        : has(flag)
          ? "a configuration: pass { initialConfiguration }"
          : null;
  if (part !== null) throw new OptionError("options", `is ${part}`);
}

/** @throws OptionError that names the option. */
export function checkOptions(options: ClientOptions, dialect: Dialect): CheckedOptions {
  if (typeof dialect.name !== "string") throw new OptionError("dialect", "expected a name");
  const readers = READERS();
  const hintsOf = (name: string) => (name in readers ? CLIENT_HINTS : dialect.optionHints);
  const read = readOptions(readers, options, undefined, hintsOf);
  const { initialConfiguration, onEvaluation: observers, source, ...checked } = read;
  requireSameDialect("source", source?.dialect, dialect);
  requireSameDialect("initialConfiguration", initialConfiguration?.dialect, dialect);
  const requestTimeoutMs = source?.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS;
  return {
    ...checked,
    observers,
    requestTimeoutMs,
    staleAfterMs: staleAfterMs(read.staleAfterMs, source?.intervalMs ?? null, requestTimeoutMs),
  };
}

function readSource(path: string, value: unknown): ConfigurationSource | undefined {
  const { flag, fetchOnce, flags, subscribe } = Object(value) as Readonly<Record<string, unknown>>;
  const isSource = typeof subscribe === "function";
  if (!isSource && partsOf(value) !== null) {
    throw new OptionError(path, "is a client: pass its source, such as the flags of testFlags()");
  }
  if (!isSource && typeof fetchOnce === "function") {
    throw new OptionError(path, "is an origin: write pollingSource(origin)");
  }
  if (!isSource && typeof flag === "function") {
    throw new OptionError(path, "is a configuration: pass it as initialConfiguration");
  }
  if (typeof value === "string" && /^https?:/.test(value)) {
    throw new OptionError(
      path,
      "is an address: pass a server's as baseUrl, with an apiKey, or a file's text as initialConfiguration: Configuration.from({ flagsConfiguration })",
    );
  }
  if (typeof value === "string" && !/^\s*[[{]/.test(value)) {
    throw new OptionError(
      path,
      'is a string: for the path of a file, pass fileSource("flags.json")',
    );
  }
  if (typeof value === "function" && !isSource) {
    throw new OptionError(path, "is a function: call it, as in source: redis({ redis, origin })");
  }
  if (typeof value === "string" || (!isSource && flags !== undefined)) {
    const advice = "pass initialConfiguration: Configuration.from({ flagsConfiguration })";
    throw new OptionError(path, `is the content of a configuration: ${advice}`);
  }
  return withMethods<ConfigurationSource>(
    'fileSource("flags.json")',
    "subscribe",
    "refresh",
  )(path, value);
}

function readConfiguration(path: string, value: unknown): Configuration | undefined {
  requireConfiguration(path, value);
  return value as Configuration | undefined;
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
