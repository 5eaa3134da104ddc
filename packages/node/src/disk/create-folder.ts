import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCodeOf } from "../http/system-code.js";

/**
 * Creates a directory and its parents, unless it exists. Replaces the option `recursive` of
 * `mkdir`, which never ends where no directory can be created, such as in `/proc`.
 *
 * @throws the error of the operating system.
 */
export async function createFolder(path: string, mode?: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (cause) {
    const code = systemCodeOf(cause);
    if (code === "ENOENT" && dirname(path) !== path) {
      await createFolder(dirname(path), mode);
      await mkdir(path, { mode }).catch(ignoreExisting);
    } else if (!(await isFolder(path))) {
      throw cause;
    }
  }
}

/** Another process may create the same directory at the same time. */
function ignoreExisting(cause: unknown): void {
  if (systemCodeOf(cause) !== "EEXIST") throw cause;
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => null);
  return stats?.isDirectory() === true;
}
