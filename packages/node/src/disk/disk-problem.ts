import { messageOf } from "@sortition/core/internal";
import { systemCodeOf } from "../http/system-code.js";

const IS_FILE = ": diskCache.directory, or a folder above it, is a file: set the path of a folder";
const IS_REFUSED = {
  read: ": can this process read the files in diskCache.directory?",
  write: ": can this process write to diskCache.directory?",
} as const;

/** Explains why the copy on disk was not read or written, and what to check. */
export function diskProblem(cause: unknown, act: keyof typeof IS_REFUSED): string {
  const advice: Readonly<Record<string, string>> = {
    EEXIST: IS_FILE,
    ENOTDIR: IS_FILE,
    EACCES: IS_REFUSED[act],
    EPERM: IS_REFUSED[act],
    EROFS: IS_REFUSED[act],
  };
  return `${messageOf(cause)}${advice[`${systemCodeOf(cause)}`] ?? ""}`;
}
