// Files that every tarball must have.
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Returns the files that are missing in an unpacked tarball.
 *
 * @param {string} unpacked - its folder.
 */
export function missingFilesIn(unpacked) {
  return ["LICENSE", "README.md"].filter((name) => !existsSync(join(unpacked, name)));
}
