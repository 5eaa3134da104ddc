import { UsageError } from "../errors.js";
import { nearText } from "../near.js";
import type { CliDialect, DialectTable } from "./dialect.js";

/**
 * Loads a dialect by its name.
 *
 * @param option - the option that names it, for messages.
 * @throws UsageError if there is no such dialect.
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

/** Loads all of them, for help. */
export async function loadAllDialects(dialects: DialectTable): Promise<readonly CliDialect[]> {
  return await Promise.all(Object.values(dialects).map((load) => load()));
}
