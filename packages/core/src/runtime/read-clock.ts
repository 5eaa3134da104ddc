import { OptionError } from "../errors/errors.js";
import { requireFunction, requireMethods } from "../errors/option-checks.js";
import { CLOCK_PARTS, type Clock, createClock } from "./clock.js";

/**
 * Reads the option `clock`: parts that replace those of the real clock.
 *
 * @throws OptionError if a given part is not a function.
 */
export function readClock(path: string, value: unknown): Clock {
  const part = value as Partial<Clock> | undefined;
  requireMethods(path, part, [], ": write { now: () => … }");
  if (part instanceof Date)
    throw new OptionError(path, "is a Date: write { now: () => date.getTime() }");
  if (typeof part === "function") {
    // A function that is written in place has the name of the option.
    const { name } = part as { readonly name: string };
    const form = name === "" || name === "clock" ? "write { now: () => … }" : `call it, ${name}()`;
    throw new OptionError(path, `is a function: ${form}`);
  }
  for (const name of CLOCK_PARTS) requireFunction(`${path}.${name}`, part?.[name]);
  return createClock(part);
}
