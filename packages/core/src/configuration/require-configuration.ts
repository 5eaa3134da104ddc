import { OptionError } from "../errors/errors.js";
import { isPromise } from "../errors/guard.js";

/**
 * Checks that a value is a compiled configuration, and not its content. `undefined` is accepted.
 *
 * @param name - the option or argument, for messages.
 * @throws OptionError
 */
export function requireConfiguration(name: string, value: unknown): void {
  if (value === undefined) return;
  if (isPromise(value)) throw new OptionError(name, "is a promise: await it");
  const { flag } = Object(value) as Readonly<Record<string, unknown>>;
  if (typeof flag === "function") return;
  if (Array.isArray(value)) throw new OptionError(name, "is a list: pass one Configuration");
  const found = value === null ? "null" : typeof value;
  throw new OptionError(
    name,
    `expected a Configuration, got ${found}: pass Configuration.from({ flagsConfiguration })`,
  );
}
