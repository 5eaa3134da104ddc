import type { Diagnostics, Dialect } from "@sortition/node";
import { checkDiskCache, diskCachedSource } from "@sortition/node/internal";
import type { EnvironmentConfig } from "../config/config.js";
import { settleAll } from "../config/reading.js";
import { type Attempts, countedSource } from "./counted-source.js";
import { within, withOptionPath } from "./option-path.js";
import { dialectOf, type EnvironmentSource, openSource } from "./sources.js";

/** The source of an environment with its disk cache, the dialect that reads it, and its counted attempts. */
export type OpenedSource = EnvironmentSource & {
  readonly dialect: Dialect;
  readonly attempts: Attempts;
};

/**
 * Opens a source. Nothing is requested yet.
 *
 * Rejects with an OptionError that names the path of the unknown or invalid option.
 */
export async function openCountedSource(
  config: EnvironmentConfig,
  diagnostics: Diagnostics,
): Promise<OpenedSource> {
  const { diskCache, path } = config;
  const [dialect, opened] = await settleAll([
    async () => dialectOf(config),
    () => openSource(config, diagnostics),
    async () => {
      if (diskCache === null) return;
      withOptionPath(
        within(`${path}.diskCache`),
        diskCache,
        (it) => checkDiskCache(it as unknown as typeof diskCache), // checks whatever the file contains
      );
    },
  ]);
  const { source } = opened;
  const kept = diskCache === null ? source : diskCachedSource(source, diskCache);
  return { ...opened, dialect, ...countedSource(kept) };
}
