import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

it("npm test -- --since runs nothing for an unknown branch, and names it", () => {
  const script = join(import.meta.dirname, "../scripts/test.mjs");
  const args = [script, "--since", "mian"];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(stderr).toContain("mian");
  expect(stdout).toBe("");
  expect(status).not.toBe(0);
});
