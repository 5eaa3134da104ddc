import type { Configuration } from "@sortition/core";
import { otherDialect } from "../dialects/recognize.js";
import { UsageError } from "../errors.js";
import { readPayloadFile } from "../evaluate/payload-file.js";
import { revisionFiles } from "../replay/history.js";
import type { StaleOptions } from "./options.js";

/** An earlier configuration, and since when it was in force, epoch ms. */
export interface EarlierRevision {
  readonly path: string;
  readonly sinceMs: number;
  readonly configuration: Configuration;
}

/**
 * The revisions of the folder, the oldest first.
 *
 * @throws FileError if one cannot be used, UsageError if one is of another dialect.
 */
export async function earlierRevisions(options: StaleOptions): Promise<readonly EarlierRevision[]> {
  const { dialect, historyPath, option } = options;
  if (historyPath === null) return [];
  const revisions: EarlierRevision[] = [];
  for (const { path, writtenAtMs } of await revisionFiles(historyPath)) {
    const file = await readPayloadFile("--history", path);
    const other = otherDialect(file, dialect.name);
    if (other !== null) {
      throw new UsageError(`--history ${path} is of ${other}, and --config is of ${dialect.name}`);
    }
    const config = async () => file;
    const opened = await dialect.open({ configPath: path, config, option, warn: () => {} });
    const { configuration } = opened;
    revisions.push({ path, sinceMs: configuration.publishedAtMs ?? writtenAtMs, configuration });
  }
  return revisions.sort((a, b) => a.sinceMs - b.sinceMs);
}
