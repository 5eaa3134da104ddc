import { OptionError } from "../../errors/errors.js";
import type { Dialect, DialectAddresses } from "../../model/dialect.js";

/**
 * Checks that something given to a client is of the client's dialect. Dialect objects are compared by
 * name: each `eppo()` is a new object.
 *
 * @param option - name of the option or argument.
 * @throws OptionError that names both dialects.
 */
export function requireSameDialect(
  option: string,
  given: DialectAddresses | null | undefined,
  dialect: Dialect,
): void {
  if (given && given.name !== dialect.name) {
    const problem = `uses the dialect "${given.name}", but the client uses "${dialect.name}"`;
    throw new OptionError(option, problem);
  }
}
