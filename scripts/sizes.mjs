// Prints the size of each entry that users bundle, with its dependencies, minified and gzipped. Warns if one has grown by more
// than 15% compared with `scripts/sizes.json`; `--write` updates that file.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { root } from "./pages.mjs";

const file = join(root, "scripts/sizes.json");
/** @type {Record<string, number>} kB by entry */
const written = JSON.parse(readFileSync(file, "utf8"));

function sizeOf(entry) {
  const [, name] = entry.split("/");
  const { outputFiles } = buildSync({
    stdin: {
      contents: `export * from "${entry}";`,
      // A package can import itself by name.
      resolveDir: join(root, "packages", name),
    },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    // As bundlers of pages do for production.
    define: { "process.env.NODE_ENV": '"production"' },
    // Peer dependencies of `openfeature` and `web`.
    external: ["@openfeature/server-sdk", "react"],
  });
  return Math.ceil(gzipSync(outputFiles[0].contents, { level: 9 }).length / 100) / 10;
}

const sizes = Object.fromEntries(Object.keys(written).map((entry) => [entry, sizeOf(entry)]));
for (const [entry, kB] of Object.entries(sizes)) {
  const hasGrown = kB > written[entry] * 1.15;
  console.log(`${entry}: ${kB} kB${hasGrown ? `, WARNING: it was ${written[entry]} kB` : ""}`);
}
if (process.argv.includes("--write")) {
  writeFileSync(file, `${JSON.stringify(sizes, null, 2)}\n`);
}
