import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import { UsageError } from "../errors.js";
import { nearText } from "../near.js";
import { FUNCTION } from "./help.js";

/** Where functions run. */
export type Target = { readonly kind: "snowflake" } | BigQueryTarget;

interface BigQueryTarget {
  readonly kind: "bigquery";
  /** Where the library will be. */
  readonly libraryUri: string;
}

/** What the command line asks for. */
export interface FunctionOptions extends ConfigurationOptions {
  /** Keys of the flags; none: all. */
  readonly flags: readonly string[];
  readonly target: Target;
  /** Of the names of the functions. */
  readonly prefix: string;
  readonly folder: string;
}

const TARGETS: readonly string[] = ["bigquery", "snowflake"];
/** Nothing in it needs an escape in any warehouse. */
const PREFIX = /^(?:[A-Za-z_][\w-]*\.){0,2}[A-Za-z_]\w*$/;
const LIBRARY_URI = /^gs:\/\/[\w.-]+(?:\/[\w.-]+)+$/;

/** @throws UsageError */
export async function parseFunctionOptions(line: CommandLine): Promise<FunctionOptions> {
  const options = await readConfigurationOptions(line, FUNCTION);
  const { given, positionals } = options;
  return {
    ...options,
    flags: positionals,
    target: targetOf(given.get("target"), given.get("library")),
    prefix: prefixOf(given.get("name") ?? "sortition"),
    folder: given.get("out") ?? ".",
  };
}

function targetOf(kind: string | undefined, library: string | undefined): Target {
  const names = TARGETS.join(", ");
  if (kind === undefined) throw new UsageError(`--target is missing; there are ${names}`);
  if (kind === "bigquery") return { kind, libraryUri: libraryUriOf(library) };
  if (kind !== "snowflake") {
    const near = nearText(kind, TARGETS);
    throw new UsageError(`--target: ${JSON.stringify(kind)} is unknown${near}; there are ${names}`);
  }
  if (library !== undefined) {
    throw new UsageError("--library: statements for Snowflake have the library inside");
  }
  return { kind };
}

function libraryUriOf(text: string | undefined): string {
  const example = "gs://my-bucket/sortition/library.js";
  if (text === undefined) throw new UsageError(`--library is missing, e.g. --library ${example}`);
  if (LIBRARY_URI.test(text)) return text;
  throw new UsageError(
    `--library: expected a place such as ${example}, got ${JSON.stringify(text)}`,
  );
}

function prefixOf(text: string): string {
  if (PREFIX.test(text)) return text;
  throw new UsageError(
    `--name: expected a name such as my_dataset.sortition, got ${JSON.stringify(text)}`,
  );
}
