import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A vendor or a standard with public test data, and what a run without it lacks. */
const MISSING = {
  eppo: "260 cases (225 assignments, 35 bandits)",
  growthbook: "528 cases",
  amplitude: "2,250 assertions",
  posthog: "2,967 cases",
  datadog: "231 cases",
  openfeature: "the checks by the remote evaluation protocol's schema",
} as const;

/** Where the vendors' data is looked for. The data belongs to them, so it is outside of the repository, or ignored by git. */
const FOLDERS = ["../../../.conformance/data", "../../../../shared/conformance"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

const warned = new Set<string>();

/**
 * The folder that has a subfolder with the public test data of a vendor, or `null` if it is not on this machine.
 *
 * Looks at `SORTITION_CONFORMANCE` alone if that is set; else at what `npm run conformance` has fetched, and at `shared/conformance`
 * beside the repository. Tests that get `null` skip, and what they lack is written to stderr once per process, so that a run without
 * the data is not mistaken for a full one.
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
  "the vendor has them in test code only, so put an extract into SORTITION_CONFORMANCE; the differential tests run without it";
const REMEDIES: Readonly<Record<keyof typeof MISSING, string>> = {
  eppo: FETCHED,
  growthbook: FETCHED,
  amplitude: EXTRACT,
  posthog: EXTRACT,
  datadog: FETCHED,
  openfeature:
    "put openfeature/ofrep-0.3.0.yaml of open-feature/protocol into SORTITION_CONFORMANCE",
};

function missingText(dialect: keyof typeof MISSING): string {
  return `CONFORMANCE DATA MISSING: ${MISSING[dialect]} of ${dialect} are SKIPPED; ${REMEDIES[dialect]}`;
}
