import { join } from "node:path";
import { buildSync } from "esbuild";
import { expect, it } from "vitest";

const scripts = join(import.meta.dirname, "../scripts");

it.each(["bootstrap.mjs", "ci.mjs"])("%s starts before anything is installed", (script) => {
  const { metafile } = buildSync({
    entryPoints: [join(scripts, script)],
    bundle: true,
    format: "esm",
    metafile: true,
    packages: "external",
    platform: "node",
    write: false,
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  const packages = imports.filter(
    ({ external, kind, path }) =>
      external === true && kind === "import-statement" && !path.startsWith("node:"),
  );
  expect(imports.length).toBeGreaterThan(0);
  expect(packages).toEqual([]);
});
