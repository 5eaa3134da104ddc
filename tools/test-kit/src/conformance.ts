import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Public test data of vendors and standards, and what a test run without it lacks. */
const MISSING = {
  eppo: "260 cases (225 assignments, 35 bandits)",
  growthbook: "528 cases",
  amplitude: "2,250 assertions",
  posthog: "2,967 cases",
  datadog: "231 cases",
  launchdarkly: "728 cases",
  statsig: "327 flags of three payloads",
  openfeature: "the checks by the remote evaluation protocol's schema",
} as const;

/**
 * Folders to search for the vendors' data. They are outside the repository or ignored by git,
 * because the data belongs to the vendors.
 */
const FOLDERS = ["../../../.conformance/data", "../../../../shared/conformance"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

const warned = new Set<string>();

/**
 * Returns the folder with a subfolder of a vendor's public test data, or `null` if it is missing.
 *
 * If `SORTITION_CONFORMANCE` is set, only that folder is searched. Otherwise, the folder written by
 * `npm run conformance` and `shared/conformance` next to the repository are searched. Tests skip if
 * they get `null`. The missing cases are printed to stderr once per process, so that such a run is
 * not mistaken for a complete one.
 */
export function conformanceFolder(dialect: keyof typeof MISSING): string | null {
  const named = process.env["SORTITION_CONFORMANCE"] ?? "";
  const folders = named === "" ? FOLDERS : [named];
  const found = folders.find((folder) =>
    statSync(join(folder, dialect), { throwIfNoEntry: false })?.isDirectory(),
  );
  if (found !== undefined) return found;
  if (!warned.has(dialect)) {
    warned.add(dialect);
    process.stderr.write(`!!!! ${missingText(dialect)} !!!!\n`);
  }
  return null;
}

const FETCHED = "`npm run conformance` fetches them";
const EXTRACT =
  "the vendor publishes them only as test code, so put an extract into SORTITION_CONFORMANCE. The differential tests run without it";
const REMEDIES: Readonly<Record<keyof typeof MISSING, string>> = {
  eppo: FETCHED,
  growthbook: FETCHED,
  amplitude: EXTRACT,
  posthog: EXTRACT,
  datadog: FETCHED,
  launchdarkly:
    "put data/data-files/server-side-eval of launchdarkly/sdk-test-harness into SORTITION_CONFORMANCE/launchdarkly",
  statsig: "docs/conformance.md names the files to put into SORTITION_CONFORMANCE/statsig",
  openfeature:
    "put openfeature/ofrep-0.3.0.yaml of open-feature/protocol into SORTITION_CONFORMANCE",
};

function missingText(dialect: keyof typeof MISSING): string {
  return `CONFORMANCE DATA MISSING: ${MISSING[dialect]} of ${dialect} are SKIPPED; ${REMEDIES[dialect]}`;
}
