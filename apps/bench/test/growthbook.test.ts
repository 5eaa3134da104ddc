import { describe, expect, it } from "vitest";
import type { Answers, Cell } from "../src/cells/cell.js";
import { cellsOf } from "../src/cells/of-vendor.js";
import { findContradiction, mergeAnswers } from "../src/check.js";
import { growthbook } from "../src/dialects/growthbook/vendor.js";

/** Cells that are prepared quickly, and the topic whose answers can be wrong. */
const TOPICS: Readonly<Record<string, readonly string[]>> = {
  W1: ["values"],
  W11: ["values"],
  W2: ["values"],
  W3: ["values"],
  W5: ["hit", "miss"],
  "W5-group": ["hit", "miss"],
  W6: ["events"],
  W14: ["answers"],
  "W14-json": ["answers"],
  "W1-many": ["answers"],
};
const CELLS = cellsOf(growthbook).flatMap((cell) =>
  (TOPICS[cell.id] ?? []).map((topic) => ({ cell, topic })),
);

/** The answers of all participants, which the cases of a cell share. */
const answersByCell = new Map<Cell, Map<string, Answers>>();

async function answersOf(cell: Cell): Promise<Map<string, Answers>> {
  const known = answersByCell.get(cell);
  if (known !== undefined) return known;
  const answers = new Map<string, Answers>();
  answersByCell.set(cell, answers);
  for (const { name, prepare } of cell.participants) {
    // 10,000 features are the same for each request.
    if (!name.endsWith("10,000 features")) answers.set(name, (await prepare()).answers);
  }
  return answers;
}

it("has each of these cells", () => {
  expect(new Set(CELLS.map(({ cell }) => cell.id))).toEqual(new Set(Object.keys(TOPICS)));
});

describe.each(CELLS)("growthbook:$cell.id", ({ cell, topic }) => {
  it(`has the same answers of all, and refuses others for ${topic}`, async () => {
    const answers = await answersOf(cell);
    expect(findContradiction(answers)).toBeNull();
    const merged = mergeAnswers(answers);
    expect(cell.findFault(merged)).toBeNull();
    const wrong = (merged[topic] ?? []).map(() => "wrong");
    expect(wrong.length).toBeGreaterThan(0);
    expect(cell.findFault({ ...merged, [topic]: wrong })).not.toBeNull();
  });
});
