// Reads what TypeScript files of the repository export, without a build.
import { join } from "node:path";
import { buildSync } from "esbuild";

/** Bundles a TypeScript file of the repository with its imports, and imports the bundle. */
export async function importSource(file) {
  const { outputFiles } = buildSync({
    entryPoints: [join(import.meta.dirname, "..", file)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
  });
  const code = Buffer.from(outputFiles[0].contents).toString("base64");
  return import(`data:text/javascript;base64,${code}`);
}
