// Runs before each file of tests, after `test/each-file.ts`: shortens waits, and records which faults the file reaches.
import { appendFileSync } from "node:fs";
import { afterAll, expect, vi } from "vitest";

const { waitFor } = vi;
vi.waitFor = (callback, options = 20_000) => waitFor(callback, options);

const report = process.env["SORTITION_REACHED"];
const reached = new Set<number>();
Object.assign(globalThis, { reachMutant: (id: number) => reached.add(id) });

afterAll(() => {
  const file = expect.getState().testPath;
  if (report) appendFileSync(report, `${JSON.stringify({ file, ids: [...reached] })}\n`);
});
