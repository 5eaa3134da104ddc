import { parseArgs } from "node:util";
import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import { otherDialect } from "../dialects/recognize.js";
import { UsageError } from "../errors.js";
import { type PayloadFile, readPayloadFile } from "../evaluate/payload-file.js";
import { ColumnMap } from "../events/column-map.js";
import { CONFIG_OPTION, typesOf } from "../help/command-help.js";
import { limitOf } from "../limit-option.js";
import { type ReportOptions, reportOptionsOf } from "../report-options.js";
import { ROW_LIMIT_OPTIONS } from "../rows/row-limits.js";
import { type Separator, separatorNamed } from "../rows/separator.js";
import { DIFF } from "./help.js";
import { failuresOf, type Limits } from "./limits.js";

/** What the command line asks for. The inherited members describe the old configuration. */
export interface DiffOptions extends ConfigurationOptions, ReportOptions {
  readonly newPath: string;
  readonly newConfig: () => Promise<PayloadFile>;
  /** `null`: none are given. */
  readonly subjectsPath: string | null;
  /** The columns of the subjects; `null`: as the dialect has them. */
  readonly map: ColumnMap | null;
  /** `null`: all. */
  readonly flags: readonly string[] | null;
  readonly limits: Limits;
  /** Of the subjects, in CSV; `null`: the header shows it. */
  readonly separator: Separator | null;
  readonly isListed: boolean;
  readonly showsSubjects: boolean;
}

/** @throws UsageError, FileError */
export async function parseDiffOptions(line: CommandLine): Promise<DiffOptions> {
  // The command has no --config: the old configuration, which shows the dialect, takes its place.
  const command = { ...DIFF, options: [...DIFF.options, CONFIG_OPTION] };
  const types = typesOf(DIFF.options);
  const { positionals } = parseArgs({ args: [...line.args], options: types, strict: false });
  const [oldPath, newPath, ...others] = positionals;
  if (oldPath === undefined || newPath === undefined || others.length > 0) {
    throw new UsageError(`expected two configurations, OLD and NEW, got ${positionals.length}`);
  }
  const args = ["--config", oldPath, ...line.args];
  const options = await readConfigurationOptions({ ...line, args, configName: "OLD" }, command);
  const { dialect, given } = options;
  if (!given.has("subjects")) refuseRowOptions(given);
  const maxMoved = given.get("max-moved");
  return {
    ...options,
    newPath,
    newConfig: async () => ofDialect(await readPayloadFile("NEW", newPath), dialect.name),
    subjectsPath: given.get("subjects") ?? null,
    map: subjectMapOf(given.get("map")),
    separator: separatorNamed(given.get("separator")),
    flags: given.get("flags")?.split(",") ?? null,
    limits: {
      isTooMany: maxMoved === undefined ? null : limitOf("--max-moved", maxMoved),
      failOn: failuresOf(given.get("fail-on")),
    },
    isListed: given.has("list"),
    showsSubjects: given.has("show-subjects"),
    ...reportOptionsOf(given, line.dialects),
  };
}

/** @throws UsageError for an option that concerns rows of subjects. */
function refuseRowOptions(given: ReadonlyMap<string, string>): void {
  const sampling = ["sample", "part"].find((name) => given.has(name));
  if (sampling !== undefined) {
    throw new UsageError(`--${sampling}: only rows of --subjects are sampled`);
  }
  if (given.has("map")) {
    throw new UsageError("--map names columns of subjects: add --subjects FILE");
  }
  const limit = ROW_LIMIT_OPTIONS.find(({ name }) => given.has(name));
  if (limit === undefined) return;
  throw new UsageError(`--${limit.name} concerns rows of subjects: add --subjects FILE`);
}

/** @throws UsageError */
function subjectMapOf(text: string | undefined): ColumnMap | null {
  if (text === undefined) return null;
  const map = new ColumnMap(text);
  map.checkSubjects();
  return map;
}

/** @throws UsageError for a configuration that is plainly another dialect's. */
function ofDialect(file: PayloadFile, name: string): PayloadFile {
  const other = otherDialect(file, name);
  if (other === null) return file;
  throw new UsageError(`${file.name} is a configuration of ${other}, and OLD of ${name}`);
}
