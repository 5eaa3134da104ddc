import { isAbsolute } from "node:path";
import { integerOption, OptionError, rejectUnknownOptions } from "@sortition/core/internal";

/** Where the last configuration is kept on disk, for starts without a reachable origin. */
export interface DiskCacheOptions {
  /** Absolute path of a directory; created if it is missing. Its files do not contain the key. */
  readonly directory: string;
  /** A copy that the server has not confirmed for longer is not served. Default: any age. */
  readonly maxAgeMs?: number | undefined;
}

/** @throws OptionError naming the first option that is unknown or has a bad value. */
export function checkDiskCache(options: DiskCacheOptions): void {
  rejectUnknownOptions(options, ["directory", "maxAgeMs"], "diskCache");
  const { directory, maxAgeMs } = options;
  if (typeof directory !== "string" || !isAbsolute(directory)) {
    throw new OptionError("diskCache.directory", "expected an absolute path");
  }
  const bounds = { min: 1, max: Number.MAX_SAFE_INTEGER };
  integerOption("diskCache.maxAgeMs", maxAgeMs, bounds, undefined);
}
