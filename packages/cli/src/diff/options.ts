import { parseArgs } from "node:util";
import { findOptions, type OptionTypes, readArguments } from "../arguments.js";
import {
  type CommandLine,
  type ConfigurationOptions,
  type GivenConfiguration,
  readConfigurationOptions,
} from "../configuration-options.js";
import type { CliDialect } from "../dialects/dialect.js";
import { loadAllDialects } from "../dialects/load-dialect.js";
import { UsageError } from "../errors.js";
import { ColumnMap } from "../events/column-map.js";
import { CONFIG_OPTION, typesOf } from "../help/command-help.js";
import { type WantedFlags, wantedFlagsOf } from "../judge/wanted-flags.js";
import { limitOf } from "../limit-option.js";
import { type ReportOptions, reportOptionsOf } from "../report-options.js";
import { ROW_LIMIT_OPTIONS } from "../rows/row-limits.js";
import { type Separator, separatorNamed } from "../rows/separator.js";
import { DIFF } from "./help.js";
import { failuresOf, type Limits } from "./limits.js";
import { NewConfiguration, optionsForNew } from "./new-side.js";

/** The parsed command line. The inherited members describe the old configuration. */
export interface DiffOptions extends ConfigurationOptions, ReportOptions {
  readonly newSide: GivenConfiguration;
  /** `null` if no subjects are given. */
  readonly subjectsPath: string | null;
  /** The columns of the subjects; `null`: the dialect's own columns. */
  readonly map: ColumnMap | null;
  /** The flags to compare; `null`: all flags. */
  readonly flags: WantedFlags | null;
  /** Attributes whose absence is real, so that subjects without them can be evaluated. */
  readonly absent: readonly string[];
  readonly limits: Limits;
  /** The file that maps flags, values and attributes to their names in NEW; `null` if not given. */
  readonly mapPath: string | null;
  /** OpenFeature's manifest with the code's default values; `null` if not given. */
  readonly manifestPath: string | null;
  /** Separator of subjects in CSV; `null` detects it from the header. */
  readonly separator: Separator | null;
  readonly isListed: boolean;
  readonly showsSubjects: boolean;
}

/** @throws UsageError, FileError */
export async function parseDiffOptions(line: CommandLine): Promise<DiffOptions> {
  const config = findOptions(line.args, { config: { type: "string" } }).get("config");
  if (config !== undefined) {
    throw new UsageError("--config: diff takes two files: write diff OLD NEW");
  }
  // The command has no --config, so the dialect is detected from the old configuration instead.
  const command = { ...DIFF, options: [...DIFF.options, CONFIG_OPTION] };
  const options = await knownOptions(line);
  const { positionals, values } = parseArgs({ args: [...line.args], options, strict: false });
  const [oldPath, newPath, ...others] = positionals;
  // The value of an unknown option is counted as a configuration.
  if (others.length > 0) readArguments(line.args, options, true);
  if (oldPath === undefined || newPath === undefined || others.length > 0) {
    const flags = textOf(values["flags"]);
    const advice =
      flags === undefined
        ? ""
        : `: for several flags, write --flags ${[flags, ...others].join(",")}`;
    throw new UsageError(
      `expected two configurations, OLD and NEW, but got ${positionals.length}${others.length > 0 ? advice : ""}`,
    );
  }
  const args = ["--config", oldPath, ...line.args];
  const configuration = new NewConfiguration(newPath, textOf(values["dialect-new"]), line);
  let newDialect: CliDialect | null = null;
  const read = await readConfigurationOptions({ ...line, args, configName: "OLD" }, command, {
    async optionsFor(dialect) {
      newDialect = await configuration.dialectBeside(dialect);
      return optionsForNew(newDialect);
    },
  });
  const { dialect, given } = read;
  const newSide = configuration.sideOf(newDialect ?? dialect, given);
  const isBetween = newSide.dialect !== dialect;
  const map = given.get("map");
  const mapPath = isBetween && map !== undefined && !map.includes("=") ? map : null;
  if (!given.has("subjects")) refuseRowOptions(given, mapPath !== null);
  if (given.has("manifest") && !isBetween) {
    throw new UsageError("--manifest is only used if OLD and NEW have different dialects");
  }
  const maxMoved = given.get("max-moved");
  return {
    ...read,
    newSide,
    subjectsPath: given.get("subjects") ?? null,
    map: map === undefined || mapPath !== null ? null : ColumnMap.ofSubjects(map),
    mapPath,
    manifestPath: given.get("manifest") ?? null,
    separator: separatorNamed(given.get("separator")),
    flags: wantedFlagsOf(given),
    absent: given.get("absent")?.split(",") ?? [],
    limits: {
      isTooMany: maxMoved === undefined ? null : limitOf("--max-moved", maxMoved),
      failOn: failuresOf(given.get("fail-on"), isBetween),
    },
    isListed: given.has("list"),
    showsSubjects: given.has("show-subjects"),
    ...reportOptionsOf(given),
  };
}

/** @throws UsageError if an option for rows of subjects is given. */
function refuseRowOptions(given: ReadonlyMap<string, string>, isMapFile: boolean): void {
  const sampling = ["sample", "part"].find((name) => given.has(name));
  if (sampling !== undefined) {
    throw new UsageError(`--${sampling} samples the rows of --subjects. Add --subjects FILE`);
  }
  if (given.has("map") && !isMapFile) {
    throw new UsageError("--map names columns of subjects. Add --subjects FILE");
  }
  if (given.has("absent")) {
    throw new UsageError("--absent names attributes of subjects. Add --subjects FILE");
  }
  const limit = ROW_LIMIT_OPTIONS.find(({ name }) => given.has(name));
  if (limit === undefined) return;
  throw new UsageError(`--${limit.name} applies to the rows of --subjects. Add --subjects FILE`);
}

/**
 * Returns the options of the command. If the command line has an unknown option, the options of all dialects are
 * included.
 */
async function knownOptions({ args, dialects }: CommandLine): Promise<OptionTypes> {
  const own = typesOf(DIFF.options);
  if ([...findOptions(args, own).keys()].every((name) => Object.hasOwn(own, name))) return own;
  const all = await loadAllDialects(dialects);
  return { ...typesOf(all.flatMap(optionsForNew)), ...own };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
