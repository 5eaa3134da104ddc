import { rejectFlagOption } from "../arguments.js";
import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import { UsageError } from "../errors.js";
import { nearText } from "../near.js";
import { FUNCTION } from "./help.js";

/** The warehouse that the functions run in. */
export type Target = { readonly kind: "snowflake" } | BigQueryTarget;

interface BigQueryTarget {
  readonly kind: "bigquery";
  /** URI of the library in Cloud Storage. */
  readonly libraryUri: string;
}

/** The parsed command line. */
export interface FunctionOptions extends ConfigurationOptions {
  /** Keys of the flags to include; all flags if empty. */
  readonly flags: readonly string[];
  readonly target: Target;
  /** Prefix of the function names. */
  readonly prefix: string;
  readonly folder: string;
}

const TARGETS: readonly string[] = ["bigquery", "snowflake"];
/** Allows only characters that need no escaping. Projects of BigQuery may contain hyphens. */
const PREFIXES: Readonly<Record<Target["kind"], RegExp>> = {
  bigquery: /^(?:[A-Za-z_][\w-]*\.){0,2}[A-Za-z_]\w*$/,
  snowflake: /^(?:[A-Za-z_]\w*\.){0,2}[A-Za-z_]\w*$/,
};
const LIBRARY_URI = /^gs:\/\/[\w.-]+(?:\/[\w.-]+)+$/;

/** @throws UsageError */
export async function parseFunctionOptions(line: CommandLine): Promise<FunctionOptions> {
  rejectFlagOption(line.args, "function --config FILE --target WAREHOUSE");
  const options = await readConfigurationOptions(line, FUNCTION);
  const { given, positionals } = options;
  const target = targetOf(given.get("target"), given.get("library"));
  return {
    ...options,
    flags: positionals,
    target,
    prefix: prefixOf(given.get("name") ?? "sortition", target),
    folder: given.get("out") ?? ".",
  };
}

function targetOf(kind: string | undefined, library: string | undefined): Target {
  const names = TARGETS.join(", ");
  if (kind === undefined) throw new UsageError(`--target is missing; expected ${names}`);
  if (kind === "bigquery") return { kind, libraryUri: libraryUriOf(library) };
  if (kind !== "snowflake") {
    const near = nearText(kind, TARGETS);
    throw new UsageError(`--target: ${JSON.stringify(kind)} is unknown${near}; expected ${names}`);
  }
  if (library !== undefined) {
    throw new UsageError(
      "--library is only for BigQuery. Statements for Snowflake contain the library",
    );
  }
  return { kind };
}

function libraryUriOf(text: string | undefined): string {
  const example = "gs://my-bucket/sortition/library.js";
  if (text === undefined) throw new UsageError(`--library is missing, e.g. --library ${example}`);
  if (LIBRARY_URI.test(text)) return text;
  throw new UsageError(`--library: expected a URI such as ${example}, got ${JSON.stringify(text)}`);
}

function prefixOf(text: string, { kind }: Target): string {
  if (PREFIXES[kind].test(text)) return text;
  const valid = text.replaceAll("-", "_");
  const advice = PREFIXES[kind].test(valid) ? `: write ${valid}` : "";
  throw new UsageError(
    `--name: expected a name such as my_dataset.sortition, got ${JSON.stringify(text)}${advice}`,
  );
}
