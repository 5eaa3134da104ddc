import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** The vendors without a drop-in, whose configurations are only read, and the invented one of dialect-kit. */
const VENDORS = [
  ...readdirSync(join(root, "packages")).filter(
    (name) =>
      name !== "core" &&
      existsSync(join(root, "packages", name, "src/dialect.ts")) &&
      !existsSync(join(root, "packages", name, "src/client")),
  ),
  "toy",
];

/** The files for all vendors that name each vendor, in addition to manifests, which follow from imports. */
const SHARED = [
  "packages/cli/src/dialects/recognize.ts",
  "packages/cli/src/dialects/table.ts",
  "packages/relay/src/config/config.ts",
  "packages/relay/src/environment/sources.ts",
  "packages/relay/src/explain/explainers.ts",
  "packages/testing/src/writers/writers.ts",
  "test/architecture/rules.ts",
  "tools/test-kit/src/conformance.ts",
];

/** Vendors whose flags the relay does not evaluate. */
const NOT_IN_RELAY: readonly string[] = ["statsig"];

/** A vendor's package, Eppo's dialect, and the folders and files that are named after a vendor. */
const OWN = new RegExp(
  `^packages/(core/src/eppo|${VENDORS.join("|")})/|/(${VENDORS.join("|")})[^/]*(/|\\.tsx?$)`,
);

const sources = ["packages", "tools"]
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}/src`))
  .concat("test/architecture")
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
      (file) => `${folder}/${file}`,
    ),
  )
  .filter((file) => /(?<!\.test)\.tsx?$/.test(file));

it.each(VENDORS)("code for all vendors names %s only where it names each vendor", (vendor) => {
  const naming = sources
    .filter((file) => !OWN.test(file))
    .filter((file) => codeOf(file).toLowerCase().includes(vendor));
  const isIn = (file: string) =>
    !(NOT_IN_RELAY.includes(vendor) && /^packages\/relay\//.test(file));
  const shared = SHARED.filter(isIn);
  expect(naming.sort()).toEqual(vendor === "toy" ? ["test/architecture/rules.ts"] : shared);
});

/** Returns a file without comments. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), "utf8")
    .replaceAll(/\/\*.*?\*\//gs, "")
    .replaceAll(/(?<!:)\/\/.*/g, "");
}
