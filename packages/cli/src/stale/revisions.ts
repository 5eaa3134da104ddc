import { openRevisions, type Revision } from "../history/open-revisions.js";
import { revisionFiles } from "../history/revision-files.js";
import { requireDecrypted } from "../types/require-decrypted.js";
import type { StaleOptions } from "./options.js";

/**
 * Reads the revisions of the folder, the oldest first.
 *
 * @throws FileError if a revision cannot be used, UsageError if it belongs to another dialect.
 */
export async function earlierRevisions(options: StaleOptions): Promise<readonly Revision[]> {
  const { historyPath } = options;
  if (historyPath === null) return [];
  const revisions = await openRevisions(await revisionFiles(historyPath), options, () => {});
  for (const { configuration, name } of revisions) {
    requireDecrypted(configuration, `--history ${name}`);
  }
  return revisions;
}
