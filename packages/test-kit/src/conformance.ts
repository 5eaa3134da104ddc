import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Beside the repository, not in it: the data belongs to the vendors. */
const besideRepository = fileURLToPath(new URL("../../../../shared/conformance", import.meta.url));

let hasWarned = false;

/**
 * The folder with the vendors' conformance data, one subfolder per dialect, or `null` if it is not on this machine.
 *
 * Looks at `SORTITION_CONFORMANCE`, else for `shared/conformance` beside the repository. Tests that get `null` skip; the
 * reason then stands on stderr in one line per process, so that a green run without the data does not pass for a full one.
 */
export function conformanceFolder(): string | null {
  const folder = process.env["SORTITION_CONFORMANCE"] || besideRepository;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  if (!hasWarned) {
    hasWarned = true;
    process.stderr.write(
      `!!!! CONFORMANCE DATA MISSING: no folder ${folder}; its tests are SKIPPED (set SORTITION_CONFORMANCE) !!!!\n`,
    );
  }
  return null;
}
