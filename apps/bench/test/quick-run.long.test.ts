import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../src/report.js";

const main = join(import.meta.dirname, "../dist/main.js");
const run = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args]);

describe("a quick run of one cell", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-bench-"));
  const file = join(folder, "report.json");
  let stdout = "";
  let report: Report;

  beforeAll(async () => {
    const cells = ["--quick", "--dialect", "eppo", "--cells", "w1-unlogged"];
    ({ stdout } = await run(...cells, "--json", file));
    report = JSON.parse(readFileSync(file, "utf8"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("reports every participant's minimum, median and rounds", () => {
    expect(report.mode).toBe("quick");
    expect(report.cells.map(({ id, state }) => [id, state])).toEqual([
      ["eppo:W1-unlogged", "measured"],
    ]);
    const [cell] = report.cells;
    const participants = cell?.state === "measured" ? cell.participants : [];
    expect(participants.map(({ name }) => name)).toEqual([
      "sortition",
      "@sortition/eppo",
      "@eppo/node-server-sdk",
    ]);
    for (const { min, median, rounds } of participants) {
      expect(rounds).toHaveLength(5);
      expect(min).toBe(Math.min(...rounds));
      expect(median).toBeGreaterThanOrEqual(min);
      expect(min).toBeGreaterThan(0);
    }
  });

  it("compares the results of participants before it times them", () => {
    const [cell] = report.cells;
    expect(cell?.state === "measured" && cell.answersCompared).toBeGreaterThan(1_000);
  });

  it("contains a figure for every target", () => {
    const [cell] = report.cells;
    const targets = cell?.state === "measured" ? cell.targets : [];
    expect(targets).toHaveLength(1);
    for (const { figure } of targets) expect(figure).toBeGreaterThan(0);
  });

  it("prints only the table and the path of the report", () => {
    const lines = stdout.split("\n");
    expect(lines[0]).toMatch(/^Node v.*quick run$/);
    expect(lines[2]).toBe("eppo:W1-unlogged: W1 with a logger, the flag is not logged");
    expect(stdout).toMatch(/^ {2}sortition +[\d.]+ [nµ]s +[\d.]+ [nµ]s +1\.00 ×$/m);
    expect(lines.at(-2)).toBe(`report: ${file}`);
    expect(stdout).not.toMatch(/Eppo SDK|"level"/);
  });
});

it("rejects an unknown cell, and lists the known ones", async () => {
  await expect(run("--cells", "W99")).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/no cell "W99".*eppo:W1, .*eppo:W9-import/),
  });
});
