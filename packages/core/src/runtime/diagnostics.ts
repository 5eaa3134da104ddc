import { OptionError } from "../errors/errors.js";
import { guarded } from "../errors/guard.js";
import type { Clock } from "./clock.js";
import { host } from "./host.js";

/** Facts that belong to a message. They never contain an SDK key, a URL query or a subject's attributes. */
export type Facts = Readonly<Record<string, unknown>>;

/**
 * Receives the library's diagnostics, e.g. a console. Messages are constant, and facts are fields. If the message is a
 * sentence about a caller's mistake, the fact `cause` is constant instead.
 */
export interface Diagnostics {
  /** For debugging the library. */
  debug(message: string, facts?: Facts): void;
  /** Normal operation: ready, changed. */
  info(message: string, facts?: Facts): void;
  /**
   * A problem that the library handles, such as a failed refresh or a dropped exposure. If it lasts, its end is also
   * reported.
   */
  warn(message: string, facts?: Facts): void;
  /** A problem that needs action: the client is not ready, the key is rejected, or a logger fails. */
  error(message: string, facts?: Facts): void;
}

/**
 * Diagnostics that discard everything, for a client inside a package that has its own messages. The client does not
 * inspect configurations.
 */
export const SILENT_DIAGNOSTICS: Diagnostics = { debug() {}, info() {}, warn() {}, error() {} };

/** Diagnostics up to this level are written. */
export type DiagnosticLevel = "error" | "warn" | "info" | "debug";

const LEVELS: readonly DiagnosticLevel[] = ["error", "warn", "info", "debug"];
/** Facts that identify a cause. With `cause`, the message may differ. */
const CAUSE_FACTS = [
  "cause",
  "code",
  "httpStatus",
  "part",
  "systemCode",
  "logger",
  "dropped",
  "flagKey",
  "attribute",
];
const REPEAT_AFTER_MS = 600_000;
const MAX_CAUSES = 1_000;

/**
 * Creates diagnostics that write to the host's `console.error` (errors) and `console.warn` (everything else). On Node,
 * both write to stderr, so nothing is written to stdout.
 *
 * @param level - default: `warn`, which includes errors.
 * @throws OptionError for another level.
 */
export function consoleDiagnostics(level: DiagnosticLevel = "warn"): Diagnostics {
  if (!LEVELS.includes(level)) {
    throw new OptionError(
      "level",
      `expected ${LEVELS.join(", ")}: write consoleDiagnostics("debug")`,
    );
  }
  const to = (at: DiagnosticLevel): Diagnostics["warn"] =>
    LEVELS.indexOf(at) > LEVELS.indexOf(level)
      ? ignore
      : (message, facts) =>
          host().console?.[at === "error" ? at : "warn"](...partsOf(message, facts));
  return { debug: to("debug"), info: to("info"), warn: to("warn"), error: to("error") };
}

/** Returns the arguments for the console. The first line contains the reason, however the console shows the facts. */
function partsOf(message: string, facts: Facts | undefined): readonly unknown[] {
  const line = `sortition: ${message}`;
  if (facts === undefined) return [line];
  const { reason, ...rest } = facts;
  return typeof reason === "string" ? [`${line}: ${reason}`, rest] : [line, facts];
}

/**
 * Passes on a warning or error when its cause first occurs, then at most once in ten minutes, with the number of
 * suppressed ones as `repeated`. The message and some of its facts (code, status, part, system code, logger, reason of
 * a loss, flag key, attribute) identify a cause. A report with the fact `outageMs` is always passed on, because {@link
 * reportOutage} returns whether the start of the outage was reported. If the target throws, the error is ignored,
 * because it cannot be reported.
 */
export function limitDiagnostics(target: Diagnostics, clock: Clock): Diagnostics {
  if (target === SILENT_DIAGNOSTICS) return target;
  const causes = new Map<string, { reportedAtMs: number; repeated: number }>();

  const isDue = (message: string, facts: Facts | undefined): Facts | undefined | null => {
    const key = JSON.stringify([
      facts?.["cause"] ?? message,
      ...CAUSE_FACTS.map((name) => facts?.[name]),
    ]);
    const nowMs = clock.monotonicMs();
    const cause = causes.get(key);
    if (cause !== undefined && nowMs - cause.reportedAtMs < REPEAT_AFTER_MS) {
      cause.repeated += 1;
      return null;
    }
    if (cause === undefined && causes.size >= MAX_CAUSES) causes.clear();
    causes.set(key, { reportedAtMs: nowMs, repeated: 0 });
    return cause === undefined ? facts : { ...facts, repeated: cause.repeated };
  };
  const limited =
    (level: "warn" | "error") =>
    (message: string, facts?: Facts): boolean => {
      const due = facts?.["outageMs"] === undefined ? isDue(message, facts) : facts;
      if (due !== null) guarded(() => target[level](message, due), ignore);
      return due !== null;
    };
  return {
    debug: (message, facts) => guarded(() => target.debug(message, facts), ignore),
    info: (message, facts) => guarded(() => target.info(message, facts), ignore),
    warn: limited("warn"),
    error: limited("error"),
  };
}

/**
 * Reports the start of an outage.
 *
 * @returns false if {@link limitDiagnostics} suppressed the report, so that the end of the outage is not reported
 * either.
 */
export function reportOutage(
  diagnostics: Diagnostics,
  level: "warn" | "error",
  message: string,
  facts: Facts,
): boolean {
  const isPassedOn: unknown = diagnostics[level](message, facts);
  return isPassedOn !== false;
}

function ignore(): void {}
