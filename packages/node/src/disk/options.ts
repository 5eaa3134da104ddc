import { isAbsolute } from "node:path";
import {
  explainedOn,
  integerOption,
  OptionError,
  rejectUnknownOptions,
} from "@sortition/core/internal";

/** Where to keep the last configuration on disk, for starts while the origin is unreachable. */
export interface DiskCacheOptions {
  /** Absolute path of a directory, created if missing. Its files do not contain the key. */
  readonly directory: string;
  /**
   * Maximum time since the server last confirmed a copy. An older copy is not served. Default: any
   * age.
   */
  readonly maxAgeMs?: number | undefined;
}

/**
 * Checks the options.
 *
 * @throws OptionError that names the first unknown or invalid option.
 */
export function checkDiskCache(options: DiskCacheOptions): void {
  if (typeof options !== "object") {
    throw new OptionError("diskCache", "expected an object: write diskCache: { directory }");
  }
  rejectUnknownOptions(
    options,
    ["directory", "maxAgeMs"],
    "diskCache",
    explainedOn("/reference/client.md"),
  );
  const { directory, maxAgeMs } = options;
  if (typeof directory !== "string" || !isAbsolute(directory)) {
    throw new OptionError("diskCache.directory", "expected an absolute path");
  }
  const bounds = { min: 1, max: Number.MAX_SAFE_INTEGER };
  integerOption("diskCache.maxAgeMs", maxAgeMs, bounds, undefined);
}
