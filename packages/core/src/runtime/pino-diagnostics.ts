import type { Diagnostics, Facts } from "./diagnostics.js";

/** What we need of a pino logger: facts first, then the message. */
export interface PinoLike {
  /** For those who look into the library. */
  debug(facts: Facts, message: string): void;
  /** All is well. */
  info(facts: Facts, message: string): void;
  /** Something went wrong and is dealt with. */
  warn(facts: Facts, message: string): void;
  /** Somebody has to act. */
  error(facts: Facts, message: string): void;
}

/** Diagnostics that go to a pino logger, whose arguments are the other way round. Its level decides. */
export function pinoDiagnostics(logger: PinoLike): Diagnostics {
  return {
    debug: (message, facts = {}) => logger.debug(facts, message),
    info: (message, facts = {}) => logger.info(facts, message),
    warn: (message, facts = {}) => logger.warn(facts, message),
    error: (message, facts = {}) => logger.error(facts, message),
  };
}
