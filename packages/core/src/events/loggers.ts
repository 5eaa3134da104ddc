import type { AssignmentLogger } from "../delivery/assignment-logger.js";
import { OptionError } from "../errors/errors.js";
import { requireFunction, requireMethods } from "../errors/option-checks.js";

/** One logger, or several loggers that each receive every event. */
export type Loggers = AssignmentLogger | readonly AssignmentLogger[];

export interface NamedLogger {
  readonly name: string;
  readonly logger: AssignmentLogger;
}

/** Returns the loggers with their names in results, counters and diagnostics. */
export function nameLoggers(loggers: Loggers): readonly NamedLogger[] {
  return isList(loggers)
    ? loggers.map((logger, index) => ({ name: logger.name ?? `${index}`, logger }))
    : [{ name: loggers.name ?? "assignmentLogger", logger: loggers }];
}

/** `Array.isArray` with a type guard that narrows readonly arrays. */
function isList(loggers: Loggers): loggers is readonly AssignmentLogger[] {
  return Array.isArray(loggers);
}

/**
 * Checks a caller's loggers.
 *
 * @param option - option name in errors.
 * @throws OptionError unless the value is `null` or consists of loggers with different names.
 */
export function checkLoggers(option: string, loggers: Loggers | null): void {
  if (loggers === null) return;
  // `undefined` is not a logger, although it means an absent option elsewhere.
  const list = isList(loggers ?? {}) ? (loggers as readonly unknown[]) : [loggers];
  if (list.length === 0)
    throw new OptionError(option, "expected at least one logger, or null to log nothing");
  for (const logger of list) checkLogger(option, logger ?? {});
  const names = nameLoggers(loggers).map(({ name }) => name);
  if (names.some((name) => typeof name !== "string")) {
    throw new OptionError(option, "expected a string as its name");
  }
  if (new Set(names).size < names.length) {
    const double = names.find((name, index) => names.indexOf(name) !== index);
    throw new OptionError(
      option,
      `expected loggers with different names, got two named "${double}": rename one of them, such as ndjsonLogger(path, { name: "second" })`,
    );
  }
}

/** Whether a value is an analytics library instead of its logger. */
function isSegment(logger: unknown): boolean {
  const { logAssignment, track } = logger as Partial<Record<"logAssignment" | "track", unknown>>;
  return typeof track === "function" && typeof logAssignment !== "function";
}

/** Whether a value is an object of loggers by name. */
function areLoggers(loggers: unknown): boolean {
  if (typeof Object(loggers).logAssignment === "function") return false;
  const members = Object.values(Object(loggers));
  return (
    members.length > 0 && members.every((it) => typeof Object(it).logAssignment === "function")
  );
}

/** @throws OptionError unless the value has a logger's method. */
export function checkLogger(option: string, logger: unknown): void {
  if (typeof logger === "function" && !("logAssignment" in logger)) {
    if ("logAssignment" in Object(logger.prototype)) {
      throw new OptionError(option, `is a class: pass new ${logger.name}()`);
    }
    // A function that is written in place has the name of the option.
    const isFactory =
      logger.name !== "assignmentLogger" && /Logger$|^recordExposures$/.test(logger.name);
    throw new OptionError(
      option,
      `expected an object, got a function: ${isFactory ? `call it, ${logger.name}(…)` : "write { logAssignment: (event) => … }, call it if it creates a logger, or pass an observer such as openTelemetry() as onEvaluation"}`,
    );
  }
  if (isSegment(logger)) {
    throw new OptionError(
      option,
      "expected a logger, got an object with a function track: write segmentLogger({ analytics })",
    );
  }
  const advice = areLoggers(logger)
    ? ": pass several loggers as a list"
    : ": write { logAssignment: (event) => … }";
  requireMethods(option, logger, ["logAssignment"], advice);
  const members = logger as Readonly<Record<string, unknown>>;
  for (const name of ["logBanditAction", "flush", "close", "stats"]) {
    requireFunction(`${option}.${name}`, members[name]);
  }
}
