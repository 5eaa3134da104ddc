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
  "packages/core/src/configuration/foreign-payload.ts",
  "packages/relay/src/config/config.ts",
  "packages/relay/src/environment/sources.ts",
  "packages/relay/src/explain/explainers.ts",
  "test/architecture/rules.ts",
  "tools/test-kit/src/conformance.ts",
  "tools/test-kit/src/flags/writers.ts",
];

/** A vendor's package, Eppo's dialect, and the folders and files that are named after a vendor. */
const OWN = new RegExp(
  `^packages/(core/src/eppo|${VENDORS.join("|")})/|/(${VENDORS.join("|")})[^/]*(/|\\.tsx?$)`,
);

const sources = ["packages", "tools"]
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}/src`))
  .concat("test/architecture")
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map(
      (file) => `${folder}/${file}`,
    ),
  )
  .filter((file) => /(?<!\.test)\.tsx?$/.test(file));

it.each(VENDORS)("code for all vendors names %s only where it names each vendor", (vendor) => {
  expect(filesNaming(vendor).filter((file) => !SHARED.includes(file))).toEqual([]);
});

it("finds the files that name a vendor", () => {
  expect(filesNaming("datadog")).toEqual(SHARED);
});

function filesNaming(vendor: string): readonly string[] {
  return sources
    .filter((file) => !OWN.test(file))
    .filter((file) => codeOf(file).toLowerCase().includes(vendor))
    .sort();
}

/** Returns a file without comments. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), "utf8")
    .replaceAll(/\/\*.*?\*\//gs, "")
    .replaceAll(/(?<!:)\/\/.*/g, "");
}
