import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { compare, formatCompared } from "../src/against.js";
import { cellOf } from "../src/cells/cell.js";
import type { Launch } from "../src/run-cell.js";

const root = join(import.meta.dirname, "../../..");
const main = join(root, "apps/bench/dist/main.js");
const run = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args]);

const participant = { name: "sortition", prepare: () => Promise.reject(new Error("not here")) };
const cell = cellOf({ id: "toy:W1", title: "a toy", participants: [participant] });
const effort = { rounds: 5, operations: 1, warmUpOperations: 1 };

/** Creates a build whose turns repeat these times, and which logs each turn. */
function buildOf(name: string, figures: readonly number[], log: string[] = []): Launch {
  let turns = 0;
  return async () => ({
    kind: "ready",
    answers: { topic: ["yes"] },
    warmUp: async () => {},
    round: async ({ operations }) => {
      log.push(name);
      return { operations, figure: figures[turns++ % figures.length] ?? 0, checksum: 1 };
    },
    end: () => void log.push(`end of ${name}`),
  });
}

describe("compare", () => {
  it("lets two builds take turns, and compares their fastest turns", async () => {
    const log: string[] = [];
    const launches = [
      buildOf("ours", [130, 110, 500], log),
      buildOf("theirs", [100, 900], log),
    ] as const;
    const found = await compare(cell, participant, effort, launches);
    expect(found).toEqual({ participant: "sortition", ours: 110, theirs: 100, ratio: 1.1 });
    expect(log.slice(0, 4)).toEqual(["ours", "theirs", "ours", "theirs"]);
    expect(log.filter((it) => it === "end of ours")).toHaveLength(5);
  });

  it("compares nothing if the builds return different results, and ends their processes", async () => {
    const log: string[] = [];
    const other: Launch = async (...args) => {
      return { ...(await buildOf("theirs", [1], log)(...args)), answers: { topic: ["no"] } };
    };
    const found = await compare(cell, participant, effort, [buildOf("ours", [1], log), other]);
    expect(found).toMatchObject({ reason: expect.stringContaining("topic") });
    expect(log).toEqual(["end of ours", "end of theirs"]);
  });

  it("reports why a build cannot take part", async () => {
    const failing: Launch = () => Promise.reject(new Error("no sortition in toy:W1\nstack"));
    expect(await compare(cell, participant, effort, [buildOf("ours", [1]), failing])).toEqual({
      participant: "sortition",
      reason: "no sortition in toy:W1",
    });
  });
});

it("a ratio is called slower or faster above 5%", () => {
  const of = (ours: number) => ({ participant: `p${ours}`, ours, theirs: 100, ratio: ours / 100 });
  const text = formatCompared(cell, [of(106), of(104), of(96), of(94)]);
  expect(text).toMatch(/p106 .* 1\.06 × +slower/);
  expect(text).toMatch(/p104 .* 1\.04 ×\s*$/m);
  expect(text).toMatch(/p96 .* 0\.96 ×\s*$/m);
  expect(text).toMatch(/p94 .* 0\.94 × +faster/);
});

it("rejects a folder without a build", async () => {
  await expect(run("--against", tmpdir())).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^bench: --against: .* has no build/),
  });
});
