import { describe, expect, it } from "vitest";
import { type Answers, type Cell, cellOf, effortOf } from "../cells/cell.js";
import type { Launch } from "../run-cell.js";
import { compareCell, obstacleOf } from "./compare-cell.js";

const CELL: Cell = cellOf({
  id: "tiny",
  title: "a tiny cell",
  participants: ["sortition", "vendor", "floor: nothing"].map((name) => ({
    name,
    prepare: () => Promise.reject(new Error("nothing is prepared in this process")),
  })),
  effort: effortOf([30, 1, 1], [2, 1, 1]),
  findFault: () => "without the vendor an answer is missing",
});

/** A build whose processes need this for their turns, one figure after the other and then the last one. */
interface FakeBuild {
  readonly turns?: readonly number[];
  readonly answers?: Answers;
  readonly fails?: "at its start" | "in a round";
}

/** Launches a build; the log has each process and its end. */
function launching(
  name: string,
  log: string[],
  { turns = [100], answers = { halves: [true] }, fails }: FakeBuild,
): Launch {
  return async (_, participant) => {
    log.push(`${name} starts ${participant.name}`);
    if (fails === "at its start") throw new Error("it broke\n  at a line");
    const figures = [...turns];
    return {
      kind: "ready",
      answers,
      warmUp: async () => {},
      round: async ({ operations }) => {
        if (fails === "in a round") throw new Error("it broke");
        const figure = (figures.length > 1 ? figures.shift() : figures[0]) ?? Number.NaN;
        return { operations, figure, checksum: 1 };
      },
      end: () => void log.push(`${name} ends`),
    };
  };
}

/** Compares quickly, on a machine that nothing else uses unless it is busy. */
async function compare(
  ours: FakeBuild,
  theirs: FakeBuild,
  {
    isBusy = false,
    lent = [],
    ...cell
  }: Partial<Cell> & { readonly isBusy?: boolean; readonly lent?: readonly string[] } = {},
) {
  const log: string[] = [];
  const createCoreWatch = () => ({ look() {}, lostShare: () => (isBusy ? 1 : 0) });
  const launches = {
    ours: launching("ours", log, ours),
    theirs: launching("theirs", log, theirs),
  };
  const manner = { mode: "quick", limit: 1.02, launches, createCoreWatch, lent } as const;
  const comparisons = await compareCell({ ...CELL, ...cell }, manner);
  return { comparisons, log };
}

describe("compareCell", () => {
  it("does not compare a package with itself", async () => {
    const reason = "the other checkout has no such package";
    const { comparisons } = await compare({}, {}, { lent: ["sortition"] });
    expect(comparisons).toEqual([{ participant: "sortition", kind: "not compared", reason }]);
  });

  it("starts three processes of each participant of ours in each round, and ends them", async () => {
    const { comparisons, log } = await compare({}, {});
    expect(comparisons.map(({ participant }) => participant)).toEqual(["sortition"]);
    const starts = log.filter((entry) => entry.includes("starts"));
    const [ours, theirs] = ["ours starts sortition", "theirs starts sortition"];
    expect(starts).toEqual([ours, ours, theirs, ours, theirs, ours]);
    expect(log.filter((entry) => entry.endsWith("ends"))).toHaveLength(6);
  });

  it("takes the fastest turn of a process as its figure", async () => {
    const { comparisons } = await compare({ turns: [900, 110, 300] }, { turns: [100, 500] });
    expect(comparisons).toMatchObject([{ medians: { ours: 110, control: 110, theirs: 100 } }]);
  });

  it("measures as many rounds again before it says that one is above the limit", async () => {
    const { comparisons } = await compare({ turns: [110] }, {});
    expect(comparisons).toMatchObject([
      {
        kind: "above",
        ratio: 1.1,
        rounds: { ours: [110, 110, 110, 110], theirs: [100, 100, 100, 100] },
      },
    ]);
    expect((await compare({ turns: [101] }, {})).comparisons).toMatchObject([
      { rounds: { ours: [101, 101] } },
    ]);
  });

  it.each<readonly [theirs: FakeBuild, reason: string]>([
    [{ answers: { halves: [false] } }, "halves[0]: ours answers true, theirs false"],
    [{ fails: "at its start" }, "the other build fails: it broke"],
    [{ fails: "in a round" }, "the other build fails: it broke"],
  ])("does not compare with %j: %s", async (theirs, reason) => {
    const { comparisons, log } = await compare({}, theirs);
    expect(comparisons).toEqual([{ participant: "sortition", kind: "not compared", reason }]);
    expect(log.filter((entry) => entry === "ours ends")).toHaveLength(2);
  });

  it("compares different answers if they describe the builds", async () => {
    const theirs = { answers: { packages: ["a"] } };
    const { comparisons } = await compare({ answers: { packages: ["a", "b"] } }, theirs, {
      answersMayDiffer: true,
    });
    expect(comparisons).toMatchObject([{ kind: "within" }]);
  });

  it.each(["at its start", "in a round"] as const)(
    "aborts if our own build fails %s",
    async (fails) => {
      const { comparisons } = await compare({ fails }, {});
      expect(comparisons).toMatchObject([
        { kind: "aborted", reason: expect.stringMatching(/^it broke/) },
      ]);
    },
  );
});

describe("compareCell on a busy machine", () => {
  it.each([
    { unit: "ns", kind: "too noisy", because: "other programs took time" },
    { unit: "bytes", kind: "above", because: "bytes do not depend on other programs" },
  ] as const)("finds that $unit are $kind, because $because", async ({ unit, kind }) => {
    const { comparisons } = await compare({ turns: [110] }, {}, { unit, isBusy: true });
    expect(comparisons).toMatchObject([{ kind }]);
  });
});

describe("obstacleOf", () => {
  it("refuses cells that no median can describe, and those without a package of ours", () => {
    expect(obstacleOf(CELL)).toBeNull();
    expect(obstacleOf({ ...CELL, hasTail: true })).toMatch("single events");
    expect(obstacleOf({ ...CELL, participants: CELL.participants.slice(1) })).toMatch("no package");
  });
});
