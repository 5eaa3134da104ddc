import { describe, expect, it } from "vitest";
import type { Answers, Cell, Participant } from "../src/cells/cell.js";
import { limit, ratio, speedUp } from "../src/cells/target.js";
import { type Launch, runCell } from "../src/run-cell.js";
import { formatCell } from "../src/table.js";

const A: Answers = { assignments: [true, false], hashes: [7] };

/** Creates a cell whose participants return these results. The log lists their actions in order. */
function setUp(
  answersByName: Readonly<Record<string, Answers>>,
  cell: Partial<Cell> = {},
  otherFigures: (figure: number) => Readonly<Record<string, number>> = () => ({}),
) {
  const log: string[] = [];
  const participant = (name: string): Participant => ({
    name,
    prepare: () => Promise.reject(new Error("nothing is prepared in this process")),
  });
  const launch: Launch = async (_, { name }) => {
    const answers = answersByName[name] ?? {};
    let figure = name === "a" ? 100 : 400;
    return {
      kind: "ready",
      answers,
      warmUp: async () => void log.push(`warm ${name}`),
      round: async ({ operations }) => {
        log.push(name);
        figure += 10;
        return { operations, figure, also: otherFigures(figure), checksum: 1 };
      },
      end: () => void log.push(`end ${name}`),
    };
  };
  const effort = { rounds: 3, operations: 5, warmUpOperations: 1 };
  const tiny: Cell = {
    id: "tiny",
    title: "a tiny cell",
    unit: "ns",
    participants: Object.keys(answersByName).map(participant),
    effort: { full: effort, quick: effort },
    collectsGarbage: false,
    targets: [speedUp("a", "b", 3)],
    findFault: () => null,
    ...cell,
  };
  return { cell: tiny, log, launch, run: () => runCell(tiny, "quick", launch) };
}

describe("runCell", () => {
  it("lets participants take turns if they agree", async () => {
    const { log, run } = setUp({ a: A, b: A });
    const outcome = await run();
    expect(log).toEqual(["warm a", "warm b", "a", "b", "a", "b", "a", "b", "end a", "end b"]);
    expect(outcome).toMatchObject({
      state: "measured",
      participants: [
        { name: "a", min: 110, median: 120, ratio: 1, checksum: 3 },
        { name: "b", min: 410, median: 420, ratio: 410 / 110 },
      ],
      targets: [{ figure: 410 / 110, isMet: true }],
    });
  });

  it("gives other figures of the same rounds a separate row", async () => {
    const { run } = setUp({ a: A }, { targets: [limit("half of it", 55)] }, (figure) => ({
      "half of it": figure / 2,
    }));
    expect(await run()).toMatchObject({
      participants: [
        { name: "a", min: 110, max: 130 },
        { name: "half of it", min: 55, max: 65, checksum: 3 },
      ],
      targets: [{ text: "half of it ≤ 55 ns", figure: 55, isMet: true }],
    });
  });

  it("adds the constant part of a ratio", async () => {
    const targets = [80, 79].map((plus) => ratio("b", "a", 3, plus));
    expect(await setUp({ a: A, b: A }, { targets }).run()).toMatchObject({
      targets: [
        { text: "b ≤ 3 × (a) + 80 ns = 410 ns", figure: 410, unit: "ns", isMet: true },
        { figure: 410, isMet: false },
      ],
    });
  });

  it.each([
    { other: { assignments: [true, true] }, because: "an answer differs" },
    { other: { assignments: [true] }, because: "an answer is missing" },
    { other: { assignments: [true, false, true] }, because: "there is one too many" },
    { other: { hashes: ["7"] }, because: "it is of another type" },
  ])("times nothing if the other results are $other, because $because", async ({ other }) => {
    const { log, run } = setUp({ a: A, b: other });
    const report = await run();
    expect(report).toMatchObject({
      state: "aborted",
      reason: expect.stringContaining("a answers"),
    });
    expect(log).toEqual(["end a", "end b"]);
    expect(formatCell(report)).toContain("ABORTED");
  });

  it("times nothing if all agree on wrong results", async () => {
    const { log, run } = setUp({ a: A, b: A }, { findFault: () => "half of them" });
    expect(await run()).toMatchObject({ state: "aborted", reason: "half of them" });
    expect(log).toEqual(["end a", "end b"]);
  });

  it("compares only topics that two participants report", async () => {
    const { run } = setUp({ a: A, floor: { hashes: [7] } });
    expect(await run()).toMatchObject({ state: "measured", answersCompared: 3 });
  });

  it("lets a slow participant do its share of the operations", async () => {
    const { cell, launch } = setUp({ a: A });
    const done: string[] = [];
    const slow = { ...cell.participants[0], name: "a", share: 0.3 } as Participant;
    await runCell({ ...cell, participants: [slow] }, "quick", async (it, participant) => {
      const contestant = await launch(it, participant);
      return {
        ...contestant,
        warmUp: async ({ warmUpOperations }) => void done.push(`warm-up of ${warmUpOperations}`),
        round: async ({ operations }) => {
          done.push(`round of ${operations}`);
          return { operations, figure: 1, checksum: 1 };
        },
      };
    });
    // A share of 5 operations and of a warm-up of 1, but at least one.
    expect(done).toEqual(["warm-up of 1", "round of 2", "round of 2", "round of 2"]);
  });

  it("ends ready participants if another one cannot start", async () => {
    const { cell, log, launch } = setUp({ a: A, b: A, c: A });
    const outcome = await runCell(cell, "quick", async (it, participant) => {
      if (participant.name === "b") throw new Error("it broke");
      return await launch(it, participant);
    });
    expect(outcome).toMatchObject({ state: "aborted", reason: "b: it broke" });
    expect(log).toContain("end a");
    expect(log.filter((entry) => !entry.startsWith("end"))).toEqual([]);
  });

  it("aborts and names the participant if a process fails", async () => {
    const { cell } = setUp({ a: A });
    const outcome = await runCell(cell, "quick", () => Promise.reject(new Error("it broke")));
    expect(outcome).toMatchObject({ state: "aborted", reason: "a: it broke" });
  });
});
