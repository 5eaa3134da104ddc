import type { Configuration } from "@sortition/core";
import { otherDialect } from "../dialects/recognize.js";
import { UsageError } from "../errors.js";
import { readPayloadFile } from "../evaluate/payload-file.js";
import { revisionFiles } from "../replay/history.js";
import { requireDecrypted } from "../types/require-decrypted.js";
import type { StaleOptions } from "./options.js";

/** An earlier configuration, and the time when it came into force, epoch ms. */
export interface EarlierRevision {
  readonly path: string;
  readonly sinceMs: number;
  readonly configuration: Configuration;
}

/**
 * Reads the revisions of the folder, the oldest first.
 *
 * @throws FileError if a revision cannot be used, UsageError if it belongs to another dialect.
 */
export async function earlierRevisions(options: StaleOptions): Promise<readonly EarlierRevision[]> {
  const { dialect, historyPath, option } = options;
  if (historyPath === null) return [];
  const revisions: EarlierRevision[] = [];
  for (const { path, writtenAtMs } of await revisionFiles(historyPath)) {
    const file = await readPayloadFile("--history", path);
    const other = otherDialect(file, dialect.name);
    if (other !== null) {
      throw new UsageError(
        `--history ${path} is a configuration for ${other}, but --config is for ${dialect.name}`,
      );
    }
    const config = async () => file;
    const opened = await dialect.open({ configPath: path, config, option, warn: () => {} });
    const { configuration } = opened;
    requireDecrypted(configuration, `--history ${path}`);
    revisions.push({ path, sinceMs: configuration.publishedAtMs ?? writtenAtMs, configuration });
  }
  return revisions.sort((a, b) => a.sinceMs - b.sinceMs);
}
