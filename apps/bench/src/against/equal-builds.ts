import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packagesOf } from "./checkout.js";

/**
 * Checks that two checkouts are built for the same purpose: what tests run is not minified, and slower.
 *
 * @throws Error that names the checkout that is built for its tests, if the other one is built as it is published.
 */
export function requireEqualBuilds(...folders: readonly [string, string]): void {
  const [folder, ...others] = folders.filter(isBuiltForTests);
  if (folder !== undefined && others.length === 0) {
    throw new Error(`${folder} has the build of its tests: run \`npm run build\` in it`);
  }
}

/** Whether the declarations of a package lead to its sources: then at least that package is built for tests. */
function isBuiltForTests(checkout: string): boolean {
  return [...packagesOf(checkout).values()]
    .map((folder) => join(folder, "dist/index.d.ts"))
    .some((file) => existsSync(file) && readFileSync(file, "utf8").includes('"../src/'));
}
