import { build } from "esbuild";
import { describe, expect, it } from "vitest";

/**
 * Bundles an entry of this package with all its dependencies except test runners, and returns the
 * remaining imports.
 */
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
    ["@sortition/testing", ["node:timers/promises"]], // for the clock, without a test runner or server
    ["@sortition/testing/assert", ["node:assert"]],
    ["@sortition/testing/jest", ["@jest/globals"]],
    ["@sortition/testing/server", ["node:crypto", "node:events", "node:http"]],
    ["@sortition/testing/vitest", ["vitest"]],
  ])("%s needs %j", async (entry, imports) => {
    expect(await importsOf(entry)).toEqual(imports);
  });
});
