import { type Arguments, findOptions } from "../arguments.js";
import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../configuration-options.js";
import { UsageError } from "../errors.js";
import { type CommandHelp, type CommandOption, typesOf } from "../help/command-help.js";
import { type RevisionFile, revisionFiles } from "./revision-files.js";

/** Options of the commands that read a folder of revisions instead of one configuration. */
export const HISTORY_OPTION: CommandOption = {
  name: "history",
  value: "FOLDER",
  help: [
    "instead of --config: a folder of revisions (*.json). Each exposure is checked against the",
    "revision in force at its time. A revision is in force from its publication time or, if the",
    "file does not contain one, from the file's modification time",
  ],
};

const DEFAULT_GRACE_SECONDS = 60;

/** The configurations to read, and how long a change may take to reach all servers. */
export interface HistoryOptions extends ConfigurationOptions {
  /** The folder of revisions, and its files from the oldest to the newest; `null` for a single configuration. */
  readonly history: { readonly folder: string; readonly files: readonly RevisionFile[] } | null;
  /** The time before and after a change in which exposures may follow either revision. */
  readonly graceMs: number;
}

/**
 * Reads `--config` or `--history`, and `--grace`. The dialect is detected from the newest revision.
 *
 * @throws UsageError, FileError
 */
export async function readHistoryOptions(
  line: CommandLine,
  help: CommandHelp,
): Promise<HistoryOptions & Arguments> {
  const found = findOptions(line.args, typesOf(help.options));
  const folder = found.get("history");
  if (folder !== undefined && found.has("config")) {
    throw new UsageError(
      "--history and --config cannot be combined, because the folder contains the configurations",
    );
  }
  const history = folder === undefined ? null : { folder, files: await revisionFiles(folder) };
  const newest = history?.files.at(-1);
  const args = newest === undefined ? line.args : ["--config", newest.path, ...line.args];
  const configName = newest === undefined ? "--config" : "--history";
  const options = await readConfigurationOptions({ ...line, args, configName }, help);
  return { ...options, history, graceMs: graceOf(options.given.get("grace")) * 1_000 };
}

function graceOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_GRACE_SECONDS;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`--grace: expected seconds, got ${JSON.stringify(text)}`);
}
