import { messageOf } from "@sortition/core/internal";
import { systemCodeOf } from "../http/system-code.js";

const IS_FILE = ": diskCache.directory, or a folder above it, is a file: set the path of a folder";
const NOT_WRITABLE = ": can this process write to diskCache.directory?";

const ADVICE: Readonly<Record<string, string>> = {
  EEXIST: IS_FILE,
  ENOTDIR: IS_FILE,
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  EROFS: NOT_WRITABLE,
};

/** Explains why the copy on disk was not read or written, and what to check. */
export function diskProblem(cause: unknown): string {
  return `${messageOf(cause)}${ADVICE[`${systemCodeOf(cause)}`] ?? ""}`;
}
