import { isAbsolute } from "node:path";
import { OptionError } from "@sortition/core";
import { integerOption, rejectUnknownOptions } from "@sortition/core/source";

/** Where the last configuration is kept on disk, to start from when its origin cannot be reached. */
export interface DiskCacheOptions {
  /** Absolute path of a folder, which is made if it is missing. No file in it has the key. */
  readonly directory: string;
  /** A copy that is older is not served. Default: any age will do. */
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
