import { UsageError } from "../errors.js";
import { nearText } from "../near.js";
import type { CliDialect, DialectTable } from "./dialect.js";

/**
 * @param option - the option with the name, for messages.
 * @throws UsageError if the dialect is unknown.
 */
export async function loadDialect(
  name: string | undefined,
  dialects: DialectTable,
  option = "--dialect",
): Promise<CliDialect> {
  const supported = `supported: ${Object.keys(dialects).join(", ")}`;
  if (name === undefined) throw new UsageError(`${option} is missing; ${supported}`);
  const load = Object.hasOwn(dialects, name) ? dialects[name] : undefined;
  if (load !== undefined) return await load();
  const near = nearText(name, Object.keys(dialects));
  throw new UsageError(`${option}: ${JSON.stringify(name)} is not supported${near}; ${supported}`);
}

/** Loads all dialects, whose options the help lists. */
export async function loadAllDialects(dialects: DialectTable): Promise<readonly CliDialect[]> {
  return await Promise.all(Object.values(dialects).map((load) => load()));
}
