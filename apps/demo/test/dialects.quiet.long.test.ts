import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "sortition-demo-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the demo of a dialect", () => {
  it.each([
    { dialect: "growthbook", vendor: "the vendor's SDK", comparisons: 2 },
    { dialect: "amplitude", vendor: "the vendor's SDK", comparisons: 1 },
    { dialect: "posthog", vendor: "posthog-node", comparisons: 2 },
  ])(
    "$dialect shows that our package is not slower than the vendor's at the same work",
    async ({ comparisons, dialect, vendor }) => {
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        [main, "--dialect", dialect],
        { cwd: folder },
      );
      expect(stderr).toBe("");
      const lines = stdout
        .split("\n")
        .filter((line) => line.includes(vendor) && / \d+ ms/.test(line));
      expect(lines).toHaveLength(comparisons);
      for (const line of lines) {
        const [theirs, ...ours] = [...line.matchAll(/(\d+) ms/g)].map(([, ms]) => Number(ms));
        expect(ours.length, line).toBeGreaterThan(0);
        for (const ms of ours) expect(ms, line).toBeLessThan(theirs ?? 0);
      }
      expect(stdout).toMatch(/^\d\. Differences .*: 0$/m);
    },
  );
});
