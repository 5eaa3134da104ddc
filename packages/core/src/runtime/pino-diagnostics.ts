import { requireMethods } from "../errors/option-checks.js";
import type { Diagnostics, Facts } from "./diagnostics.js";

/** The part of a pino logger that this package uses: facts first, then the message. */
export interface PinoLike {
  /** For debugging the library. */
  debug(facts: Facts, message: string): void;
  /** Normal operation. */
  info(facts: Facts, message: string): void;
  /** A problem that the library handles. */
  warn(facts: Facts, message: string): void;
  /** A problem that needs action. */
  error(facts: Facts, message: string): void;
}

/**
 * Creates diagnostics that write to a pino logger, whose arguments have the opposite order. The logger's level applies.
 *
 * @throws OptionError if it is not a logger.
 */
export function pinoDiagnostics(logger: PinoLike): Diagnostics {
  const advice = ", such as pino()";
  requireMethods("logger", logger ?? null, ["debug", "info", "warn", "error"], advice);
  return {
    debug: (message, facts = {}) => logger.debug(facts, message),
    info: (message, facts = {}) => logger.info(facts, message),
    warn: (message, facts = {}) => logger.warn(facts, message),
    error: (message, facts = {}) => logger.error(facts, message),
  };
}
