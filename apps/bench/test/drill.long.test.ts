import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const MAIN = join(import.meta.dirname, "../dist/main.js");

it("takes our client through each fault, and prints a table", () => {
  const args = [MAIN, "drill", "--intervals", "3", "--sdk", "@sortition/node"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const kept = /kept, \d+ requests?, back after [\d.]+ m?s/g;
  expect(stdout).toContain("| `@sortition/node` | kept");
  expect(stdout.match(kept)).toHaveLength(4);
  expect(status, stdout + stderr).toBe(0);
});
