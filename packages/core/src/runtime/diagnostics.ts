import { guarded } from "../errors/guard.js";
import type { Clock } from "./clock.js";
import { host } from "./host.js";

/** Facts beside a constant message. Never a key, a URL's query or a subject's attribute. */
export type Facts = Readonly<Record<string, unknown>>;

/** Where the library tells what it does. A console fits; messages are constant, facts are fields. */
export interface Diagnostics {
  /** For those who look into the library. */
  debug(message: string, facts?: Facts): void;
  /** All is well: ready, changed, recovered. */
  info(message: string, facts?: Facts): void;
  /** Something went wrong and is dealt with: a refresh failed, an exposure was dropped. */
  warn(message: string, facts?: Facts): void;
  /** Somebody has to act: not ready, the key is rejected, a logger fails. */
  error(message: string, facts?: Facts): void;
}

/** How much of it: everything up to this level. */
export type DiagnosticLevel = "error" | "warn" | "info" | "debug";

const LEVELS: readonly DiagnosticLevel[] = ["error", "warn", "info", "debug"];
/** Facts that tell one cause from another. */
const CAUSE_FACTS = ["code", "httpStatus", "part", "systemCode", "logger", "dropped", "flagKey"];
const REPEAT_AFTER_MS = 600_000;
const MAX_CAUSES = 1_000;

/**
 * Writes to the host's `console.error` (errors) and `console.warn` (everything else): on Node both
 * are stderr, so that nothing ever appears on stdout.
 *
 * @param level - `warn` unless given: errors and warnings.
 */
export function consoleDiagnostics(level: DiagnosticLevel = "warn"): Diagnostics {
  const write = (at: DiagnosticLevel, message: string, facts: Facts | undefined): void => {
    if (LEVELS.indexOf(at) > LEVELS.indexOf(level)) return;
    const console = host().console;
    const parts =
      facts === undefined ? [`sortition: ${message}`] : [`sortition: ${message}`, facts];
    if (at === "error") console?.error(...parts);
    else console?.warn(...parts);
  };
  return {
    debug: (message, facts) => write("debug", message, facts),
    info: (message, facts) => write("info", message, facts),
    warn: (message, facts) => write("warn", message, facts),
    error: (message, facts) => write("error", message, facts),
  };
}

/**
 * Passes warnings and errors on when their cause (the message with the code, status, part, code of the
 * system, logger, reason of a loss and flag key among its facts) first occurs, then at most once in ten minutes
 * with `repeated`, the number of times it was kept back. A target that throws is ignored: there is
 * nowhere left to report it to.
 */
export function limitDiagnostics(target: Diagnostics, clock: Clock): Diagnostics {
  const causes = new Map<string, { reportedAtMs: number; repeated: number }>();

  const isDue = (message: string, facts: Facts | undefined): Facts | undefined | null => {
    const key = JSON.stringify([message, ...CAUSE_FACTS.map((name) => facts?.[name])]);
    const nowMs = clock.monotonicMs();
    const cause = causes.get(key);
    if (cause === undefined) {
      if (causes.size >= MAX_CAUSES) causes.clear();
      causes.set(key, { reportedAtMs: nowMs, repeated: 0 });
      return facts;
    }
    if (nowMs - cause.reportedAtMs < REPEAT_AFTER_MS) {
      cause.repeated += 1;
      return null;
    }
    const { repeated } = cause;
    causes.set(key, { reportedAtMs: nowMs, repeated: 0 });
    return { ...facts, repeated };
  };

  const limited =
    (level: "warn" | "error") =>
    (message: string, facts?: Facts): void => {
      const due = isDue(message, facts);
      if (due !== null) guarded(() => target[level](message, due), ignore);
    };
  return {
    debug: (message, facts) => guarded(() => target.debug(message, facts), ignore),
    info: (message, facts) => guarded(() => target.info(message, facts), ignore),
    warn: limited("warn"),
    error: limited("error"),
  };
}

function ignore(): void {}
