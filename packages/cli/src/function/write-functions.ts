import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "@sortition/core/dialect";
import { FileError, UsageError } from "../errors.js";
import { writeProblem } from "../evaluate/payload-file.js";
import { readLibrary } from "../function-library.js";
import { noSuchFlag } from "../judge/no-such-flag.js";
import type { Messages } from "../messages.js";
import { VERSION } from "../version.js";
import { bigqueryFiles } from "./bigquery.js";
import type { FunctionOptions } from "./options.js";
import { snowflakeFiles } from "./snowflake.js";
import { type FunctionFile, functionSource } from "./source.js";
import { literal } from "./text.js";

/** Limits of the warehouses, see docs/decisions/0072. */
const MAX_LIBRARY_BYTES = 1_000_000;
const RECOMMENDED_BODY_BYTES = 100_000;
const MAX_NAMED = 3;

/** The written files. */
export interface Written {
  /** Paths of the files. */
  readonly paths: readonly string[];
  /** Whether the flags of the functions have issues. */
  readonly hasIssues: boolean;
}

/**
 * Writes the files of a warehouse.
 *
 * @throws UsageError, FileError
 */
export async function writeFunctions(
  options: FunctionOptions,
  messages: Messages,
): Promise<Written> {
  const { dialect, flags: asked, folder, nowMs, option } = options;
  if (dialect.reduce === null) {
    throw new UsageError(`functions are not supported for the dialect ${dialect.name}`);
  }
  const opened = await dialect.open({ ...options, warn: messages.warning });
  const { configuration } = opened;
  const file = await options.config();
  const root = parseJson(file.bytes, "$");
  // Must run before the check for unknown flags, because an encrypted or obfuscated payload does not contain their
  // names.
  const reduced = dialect.reduce({ root, configuration, option, asked });
  const unknown = asked.find((flag) => !configuration.flagKeys.has(flag));
  if (unknown !== undefined) throw noSuchFlag(unknown, configuration.flagKeys);
  const facts = {
    dialect: dialect.name,
    version: VERSION,
    revision: configuration.revision,
    nowMs: nowMs ?? Date.now(),
  };
  const source = functionSource(await readLibrary(dialect.name), reduced, facts);
  const files = filesOf(options, source);
  checkSizes(options, files, reduced.flags, messages);
  const paths = await Promise.all(files.map((it) => write(folder, it)));
  const issues = opened
    .issues()
    .filter(({ flagKey }) => flagKey === null || reduced.flags.has(flagKey));
  for (const { message, path } of issues.slice(0, MAX_NAMED))
    messages.warning(`${path}: ${message}`);
  if (issues.length > MAX_NAMED) {
    messages.warning(
      `${issues.length - MAX_NAMED} more issues. Run sortition inspect to see all of them`,
    );
  }
  return { paths, hasIssues: issues.length > 0 };
}

function filesOf(
  { prefix, target }: FunctionOptions,
  source: Parameters<typeof snowflakeFiles>[0],
): readonly FunctionFile[] {
  switch (target.kind) {
    case "bigquery":
      return bigqueryFiles(source, prefix, target.libraryUri);
    case "snowflake":
      return snowflakeFiles(source, prefix);
  }
}

/** @throws UsageError for a library that is too large for BigQuery. */
function checkSizes(
  { target }: FunctionOptions,
  files: readonly FunctionFile[],
  flags: ReadonlyMap<string, unknown>,
  messages: Messages,
): void {
  const largest = Math.max(...files.map(({ text }) => text.length));
  const most = (): string =>
    [...flags]
      .map(([key, flag]) => [key, literal(JSON.stringify(flag)).length] as const)
      .sort(([, a], [, b]) => b - a)
      .slice(0, MAX_NAMED)
      .map(([key, length]) => `${JSON.stringify(key)} (${kilobytes(length)})`)
      .join(", ");
  if (target.kind === "bigquery" && largest > MAX_LIBRARY_BYTES) {
    throw new UsageError(
      `library.js would be ${kilobytes(largest)}, but BigQuery accepts at most 1 MB. The largest flags are ${most()}`,
    );
  }
  if (target.kind === "snowflake" && largest > RECOMMENDED_BODY_BYTES) {
    messages.warning(
      `a statement is ${kilobytes(largest)}, but Snowflake recommends at most 100 kB. The largest flags are ${most()}`,
    );
  }
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000)} kB`;
}

async function write(folder: string, { name, text }: FunctionFile): Promise<string> {
  const path = join(folder, name);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw new FileError(`--out ${path}: ${writeProblem(error)}`);
  }
  return path;
}
