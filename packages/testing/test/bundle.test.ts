import { build } from "esbuild";
import { describe, expect, it } from "vitest";

/** What is left of imports when an entry of this package is bundled with all that it needs but runners of tests. */
async function importsOf(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    stdin: { contents: `export * from "${entry}";`, resolveDir: import.meta.dirname },
    bundle: true,
    external: ["vitest", "@jest/globals"],
    format: "esm",
    metafile: true,
    platform: "node",
    write: false,
  });
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return [...new Set(imports.map(({ path }) => path))].sort();
}

describe("a bundle of", () => {
  it.each([
    ["@sortition/testing", ["node:timers/promises"]], // the clock; no runner of tests, and no server
    ["@sortition/testing/assert", ["node:assert"]],
    ["@sortition/testing/jest", ["@jest/globals"]],
    ["@sortition/testing/server", ["node:crypto", "node:events", "node:http"]],
    ["@sortition/testing/vitest", ["vitest"]],
  ])("%s needs %j", async (entry, imports) => {
    expect(await importsOf(entry)).toEqual(imports);
  });
});
