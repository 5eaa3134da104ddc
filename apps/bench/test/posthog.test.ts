import { describe, expect, it } from "vitest";
import type { Answers, Cell } from "../src/cells/cell.js";
import { findContradiction, mergeAnswers } from "../src/check.js";
import { w1, w11 } from "../src/dialects/posthog/cells/w1.js";
import { w2, w2Rollout, w3 } from "../src/dialects/posthog/cells/w2.js";
import { w4 } from "../src/dialects/posthog/cells/w4.js";
import { w5 } from "../src/dialects/posthog/cells/w5.js";
import { w6 } from "../src/dialects/posthog/cells/w6.js";

/** Cells that are prepared quickly, and the topic whose answers can be wrong. */
const CELLS = [
  { cell: w1, topic: "values" },
  { cell: w11, topic: "values" },
  { cell: w2, topic: "values" },
  { cell: w2Rollout, topic: "values" },
  { cell: w3, topic: "values" },
  { cell: w4, topic: "countsOn" },
  { cell: w5, topic: "hit" },
  { cell: w5, topic: "miss" },
  { cell: w6, topic: "events" },
];

/** The answers of all participants, which the cases of a cell share. */
const answersByCell = new Map<Cell, Map<string, Answers>>();

async function answersOf(cell: Cell): Promise<Map<string, Answers>> {
  const known = answersByCell.get(cell);
  if (known !== undefined) return known;
  const answers = new Map<string, Answers>();
  answersByCell.set(cell, answers);
  for (const { name, prepare } of cell.participants) {
    // The vendor takes seconds for these; a run of the cell compares its answers.
    const isSlow = name.startsWith("posthog-node") && [w4, w5, w6].includes(cell);
    if (!isSlow) answers.set(name, (await prepare()).answers);
  }
  return answers;
}

describe.each(CELLS)("posthog:$cell.id", ({ cell, topic }) => {
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
