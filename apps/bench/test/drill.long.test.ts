import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

const MAIN = join(import.meta.dirname, "../dist/main.js");

function drill(...args: readonly string[]) {
  return spawnSync(process.execPath, [MAIN, "drill", ...args], { encoding: "utf8" });
}

it("takes our client through each fault, and prints a table", () => {
  const { status, stdout, stderr } = drill("--intervals", "3", "--sdk", "@sortition/node");
  const kept = /kept, \d+ requests?, back after [\d.]+ m?s/g;
  expect(stdout).toContain("| `@sortition/node` | kept");
  expect(stdout.match(kept)).toHaveLength(4);
  expect(status, stdout + stderr).toBe(0);
});

it.each([
  { args: ["--sdk", "nothing"], message: 'no SDK "nothing"' },
  { args: ["--intervals", "0"], message: "--intervals: expected a whole number above 0" },
  { args: ["--no"], message: "Unknown option" },
])("rejects $args", ({ args, message }) => {
  const { status, stderr } = drill(...args);
  expect(stderr).toContain(message);
  expect(status).toBe(2);
});
