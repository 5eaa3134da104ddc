import type { Configuration } from "@sortition/core";
import type { ConfigurationOptions } from "../configuration-options.js";
import { otherDialect } from "../dialects/recognize.js";
import { UsageError } from "../errors.js";
import { readPayloadFile } from "../evaluate/payload-file.js";
import type { RevisionFile } from "./revision-files.js";

/** A configuration and the time when it came into force. */
export interface Revision {
  /** Name in messages. */
  readonly name: string;
  /** Epoch ms; `-Infinity` for a single configuration. */
  readonly sinceMs: number;
  readonly configuration: Configuration;
}

/**
 * Opens the files in a folder of revisions, the oldest first. A revision is in force from its publication time, or from the
 * file's modification time.
 *
 * @throws FileError if a revision cannot be used, UsageError if it belongs to another dialect.
 */
export async function openRevisions(
  files: readonly RevisionFile[],
  { dialect, option }: Pick<ConfigurationOptions, "dialect" | "option">,
  warn: (message: string) => void,
): Promise<readonly Revision[]> {
  const revisions: Revision[] = [];
  for (const { path, writtenAtMs } of files) {
    const file = await readPayloadFile("--history", path);
    const other = otherDialect(file, dialect.name);
    if (other !== null) {
      throw new UsageError(
        `--history ${path} is a configuration for ${other}, not for ${dialect.name}`,
      );
    }
    const config = async () => file;
    const { configuration } = await dialect.open({ configPath: path, config, option, warn });
    const sinceMs = configuration.publishedAtMs ?? writtenAtMs;
    revisions.push({ name: path, sinceMs, configuration });
  }
  return revisions.sort((a, b) => a.sinceMs - b.sinceMs);
}
