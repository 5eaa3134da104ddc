import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packagesOf } from "./checkout.js";

/**
 * Checks that two checkouts are built for the same purpose: what tests run is not minified, and slower.
 *
 * @throws Error that names the checkout that is built for its tests, if the other one is built as it is published.
 */
export function requireEqualBuilds(one: string, other: string): void {
  const others = packagesOf(other);
  for (const [name, folder] of packagesOf(one)) {
    const counterpart = others.get(name);
    if (counterpart === undefined || isBuiltForTests(folder) === isBuiltForTests(counterpart)) {
      continue;
    }
    const checkout = isBuiltForTests(folder) ? one : other;
    throw new Error(`${checkout} has the build of its tests: run \`npm run build\` in it`);
  }
}

/** Whether the declarations of a package lead to its sources. */
function isBuiltForTests(folder: string): boolean {
  const file = join(folder, "dist/index.d.ts");
  return existsSync(file) && readFileSync(file, "utf8").includes('"../src/');
}
