// Writes which names other packages may import from each file of `core` and `node`. A release publishes packages that import them:
// until the next major version a test keeps each of them where it is.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { importSource } from "./pages.mjs";

const root = join(import.meta.dirname, "..");
const { innerNames } = await importSource("config/build/inner-files.ts");
const { LAYOUTS } = await importSource("config/build/layouts.ts");
const names = Object.fromEntries(
  Object.entries(LAYOUTS).map(([folder, layout]) => [
    folder,
    innerNames(join(root, "packages", folder, "src"), layout),
  ]),
);
writeFileSync(join(root, "config/build/inner-names.json"), `${JSON.stringify(names, null, 2)}\n`);
