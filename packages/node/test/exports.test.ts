import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const require = createRequire(import.meta.url);

/**
 * Returns the names that the source of a package's main entry exports, including types. The source
 * lists them one by one.
 */
function exportedNames(packageName: string): readonly string[] {
  const folder = dirname(require.resolve(`${packageName}/package.json`));
  const source = readFileSync(join(folder, "src", "index.ts"), "utf8");
  return [...source.matchAll(/^export (?:type )?\{(.*?)\}/gms)].flatMap(([, names = ""]) =>
    names
      .split(",")
      .map((name) => name.trim().replace(/^type |^.* as /g, ""))
      .filter((name) => name !== ""),
  );
}

describe("@sortition/node", () => {
  it("exports everything that @sortition/core exports", () => {
    const core = exportedNames("@sortition/core");
    expect(core.length).toBeGreaterThan(50);
    expect(exportedNames("@sortition/node")).toEqual(expect.arrayContaining([...core]));
  });
});
