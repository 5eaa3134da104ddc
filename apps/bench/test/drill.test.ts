import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const MAIN = join(import.meta.dirname, "../dist/main.js");

function drill(...args: readonly string[]) {
  return spawnSync(process.execPath, [MAIN, "drill", ...args], { encoding: "utf8" });
}

describe("drill", () => {
  it.each([
    { args: ["--sdk", "nothing"], message: 'no SDK "nothing"' },
    { args: ["--intervals", "0"], message: "--intervals: expected a whole number above 0" },
    { args: ["--no"], message: "Unknown option" },
  ])("rejects $args", ({ args, message }) => {
    const { status, stderr } = drill(...args);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });
});
