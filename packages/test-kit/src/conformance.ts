import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Outside the repository: the data belongs to the vendors. */
const besideRepository = fileURLToPath(new URL("../../../../shared/conformance", import.meta.url));

let hasWarned = false;

/**
 * The folder with the vendors' conformance data, one subfolder per dialect, or `null` if it is not on this machine.
 *
 * Looks at `SORTITION_CONFORMANCE`, else for `shared/conformance` beside the repository. Tests that get `null` skip, and the
 * reason is written to stderr once per process, so that a run without the data is not mistaken for a full one.
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
