import { parseArgs } from "node:util";
import { type ConfigurationOptions, readConfigurationOptions } from "../configuration-options.js";
import type { DialectTable } from "../dialects/dialect.js";
import { otherDialect } from "../dialects/recognize.js";
import { UsageError } from "../errors.js";
import { type PayloadFile, readPayloadFile } from "../evaluate/payload-file.js";
import { CONFIG_OPTION, typesOf } from "../help/command-help.js";
import type { Io } from "../io.js";
import { limitOf } from "../limit-option.js";
import { type ReportOptions, reportOptionsOf } from "../report-options.js";
import { DIFF } from "./help.js";
import { failuresOf, type Limits } from "./limits.js";

/** What the command line asks for. The inherited members are those of the old configuration. */
export interface DiffOptions extends ConfigurationOptions, ReportOptions {
  readonly newPath: string;
  readonly newConfig: () => Promise<PayloadFile>;
  /** `null`: none are given. */
  readonly subjectsPath: string | null;
  /** `null`: all. */
  readonly flags: readonly string[] | null;
  readonly limits: Limits;
  readonly isListed: boolean;
  readonly showsSubjects: boolean;
}

/** @throws UsageError, FileError */
export async function parseDiffOptions(
  args: readonly string[],
  io: Io,
  dialects: DialectTable,
): Promise<DiffOptions | "help"> {
  // The command has no --config: the old configuration, which shows the dialect, takes its place.
  const command = { ...DIFF, options: [...DIFF.options, CONFIG_OPTION] };
  const types = typesOf(DIFF.options);
  const loose = { args: [...args], options: types, allowPositionals: true, strict: false };
  const { positionals, values } = parseArgs(loose);
  const [oldPath, newPath, ...others] = positionals;
  if (values["help"] === true) return "help";
  if (oldPath === undefined || newPath === undefined || others.length > 0) {
    throw new UsageError(`expected two configurations, OLD and NEW, got ${positionals.length}`);
  }
  const options = await readConfigurationOptions(
    ["--config", oldPath, ...args],
    command,
    true,
    io,
    dialects,
  );
  if (options === "help") return "help";
  const { dialect, given } = options;
  if (given.has("sample") && !given.has("subjects")) {
    throw new UsageError("--sample: only rows of --subjects are sampled");
  }
  const maxMoved = given.get("max-moved");
  return {
    ...options,
    newPath,
    newConfig: async () => ofDialect(await readPayloadFile("NEW", newPath), dialect.name),
    subjectsPath: given.get("subjects") ?? null,
    flags: given.get("flags")?.split(",") ?? null,
    limits: {
      isTooMany: maxMoved === undefined ? null : limitOf("--max-moved", maxMoved),
      failOn: failuresOf(given.get("fail-on")),
    },
    isListed: given.has("list"),
    showsSubjects: given.has("show-subjects"),
    ...reportOptionsOf(given, dialects),
  };
}

/** @throws UsageError for a configuration that is plainly another dialect's. */
function ofDialect(file: PayloadFile, name: string): PayloadFile {
  let root: unknown;
  try {
    root = JSON.parse(file.bytes.toString("utf8").replace(/^\ufeff/, ""));
  } catch {
    return file; // the dialect says what is wrong with it
  }
  const other = otherDialect(root, name);
  if (other === null) return file;
  throw new UsageError(`${file.name} is a configuration of ${other}, and OLD of ${name}`);
}
