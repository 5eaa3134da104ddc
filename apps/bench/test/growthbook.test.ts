import { describe, expect, it } from "vitest";
import type { Answers, Cell } from "../src/cells/cell.js";
import { findContradiction, mergeAnswers } from "../src/check.js";
import { w1, w11 } from "../src/dialects/growthbook/cells/w1.js";
import { w2 } from "../src/dialects/growthbook/cells/w2.js";
import { w3 } from "../src/dialects/growthbook/cells/w3.js";
import { w5 } from "../src/dialects/growthbook/cells/w5.js";
import { w6 } from "../src/dialects/growthbook/cells/w6.js";
import { w14 } from "../src/dialects/growthbook/cells/w14.js";

/** Cells that are prepared quickly, and the topic whose answers can be wrong. */
const CELLS = [
  { cell: w1, topic: "halves" },
  { cell: w11, topic: "halves" },
  { cell: w2, topic: "values" },
  { cell: w3, topic: "values" },
  ...w5.flatMap((cell) => ["hit", "miss"].map((topic) => ({ cell, topic }))),
  { cell: w6, topic: "events" },
  { cell: w14, topic: "answers" },
];

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
