import { OptionError } from "../../errors/errors.js";
import type { Dialect, DialectAddresses } from "../../model/dialect.js";

/**
 * Checks that an object given to a client has the client's dialect. Dialects are compared by name, because each
 * `eppo()` is a new object.
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
    const problem = `uses the dialect "${given.name}", but the client uses "${dialect.name}": give both the same dialect`;
    throw new OptionError(option, problem);
  }
}
