import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

/** Returns the visible entries that git tracks. */
function entriesOfRoot(): readonly string[] {
  const { stdout } = spawnSync("git", ["ls-files"], { cwd: root, encoding: "utf8" });
  const names = stdout.split("\n").map((path) => path.split("/")[0] ?? "");
  return [...new Set(names)].filter((name) => name !== "" && !name.startsWith("."));
}

describe("the root of the repository", () => {
  it("has few entries", () => {
    expect(entriesOfRoot().length).toBeGreaterThan(10);
    expect(entriesOfRoot().length).toBeLessThanOrEqual(21);
  });

  it("has all entries explained in CONTRIBUTING.md", () => {
    const text = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
    const table = /^## The root$([\s\S]*?)^## /m.exec(text)?.[1] ?? "";
    const explained = [...table.matchAll(/`([\w.-]+)`(?=[^|\n]*\|[^|\n]*\|$)/gm)].map(
      ([, it]) => it,
    );
    expect(explained.toSorted()).toEqual(entriesOfRoot().toSorted());
  });
});
