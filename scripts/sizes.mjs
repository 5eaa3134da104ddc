// Measures the tarball of each public package, and each entry, bundled and minified with its dependencies.
// Writes the figures into the package's README. With `--check` it fails if a size exceeds its ceiling or
// differs from the README by more than a quarter.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { packAll } from "./pack.mjs";
import { root } from "./pages.mjs";

/** The maximum of each size in kB. A new entry needs a line in that file; a higher ceiling needs a reason. */
const ceilings = JSON.parse(readFileSync(join(root, "scripts/size-ceilings.json"), "utf8"));

/** Sizes of one package in bytes, by name. */
function measure({ name, manifest, tarball, entries, folder }) {
  const sizes = { [`${name} packed`]: statSync(tarball).size };
  for (const entry of entries) {
    const { import: target } = manifest.exports[`.${entry.slice(name.length)}`];
    sizes[entry] = bundledSize(join(folder, target.default), manifest);
  }
  return sizes;
}

/** Minified and gzipped, with the dependencies, but without peer dependencies, undici, which is loaded with the first request, and what Jest provides. */
function bundledSize(file, { peerDependencies = {} }) {
  const { outputFiles } = buildSync({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "node20",
    external: ["undici", "@jest/globals", ...Object.keys(peerDependencies)],
    logLevel: "error",
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

const kB = (bytes) => Math.ceil(bytes / 100) / 10;

function tableOf(sizes) {
  const rows = Object.entries(sizes).map(([what, bytes]) =>
    what.endsWith(" packed")
      ? `| the package, packed | ${kB(bytes)} kB |`
      : `| \`${what}\`, bundled, minified, gzipped | ${kB(bytes)} kB |`,
  );
  return ["| size | |", "|---|---|", ...rows].join("\n");
}

const pattern = /(<!-- written: sizes -->\n)[\s\S]*?(\n<!-- end -->)/;

/** Whether each figure of a README is within a quarter of the current size. Exact figures would change with every commit. */
function isCloseTo(written, sizes) {
  const figures = [...written.matchAll(/\| ([\d.]+) kB \|/g)].map(([, figure]) => Number(figure));
  const current = Object.values(sizes).map(kB);
  return (
    figures.length === current.length &&
    figures.every((figure, i) => Math.abs(figure - current[i]) <= current[i] / 4)
  );
}

const isCheck = process.argv.includes("--check");
const problems = [];
for (const packed of packAll()) {
  const sizes = measure(packed);
  for (const [what, bytes] of Object.entries(sizes)) {
    const ceiling = ceilings[what];
    console.log(`${what}: ${kB(bytes)} kB of ${ceiling ?? "?"}`);
    if (ceiling === undefined)
      problems.push(`${what} has no ceiling in scripts/size-ceilings.json`);
    else if (kB(bytes) > ceiling) problems.push(`${what} is larger than ${ceiling} kB`);
  }
  const readme = join(packed.folder, "README.md");
  const text = readFileSync(readme, "utf8");
  if (!pattern.test(text)) problems.push(`${readme} has no \`<!-- written: sizes -->\``);
  else if (!isCheck) {
    writeFileSync(
      readme,
      text.replace(pattern, (_, head, tail) => `${head}\n${tableOf(sizes)}\n${tail}`),
    );
  } else if (!isCloseTo(pattern.exec(text)[0], sizes)) {
    problems.push(`${packed.name}: the sizes in its README are out of date, run \`npm run sizes\``);
  }
}
for (const problem of problems) console.error(`sizes: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
