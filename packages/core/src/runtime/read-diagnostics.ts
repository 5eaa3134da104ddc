import { OptionError } from "../errors/errors.js";
import { requireMethods } from "../errors/option-checks.js";
import type { Diagnostics } from "./diagnostics.js";

/**
 * Reads an option with diagnostics.
 *
 * @throws OptionError if a method is missing.
 */
export function readDiagnostics(path: string, value: unknown): Diagnostics | undefined {
  if (typeof value === "string" || typeof value === "function") {
    throw new OptionError(path, 'expected an object, such as consoleDiagnostics("debug")');
  }
  const advice = ', such as consoleDiagnostics("debug") or pinoDiagnostics(logger)';
  requireMethods(path, value, ["debug", "info", "warn", "error"], advice);
  return value as Diagnostics | undefined; // it has the methods
}
