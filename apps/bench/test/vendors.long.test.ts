import { describe, expect, it } from "vitest";
import type { Answers, Cell } from "../src/cells/cell.js";
import { cellsOf } from "../src/cells/of-vendor.js";
import { findContradiction, mergeAnswers } from "../src/check.js";
import { growthbook } from "../src/dialects/growthbook/vendor.js";
import { posthog } from "../src/dialects/posthog/vendor.js";

const EVALUATIONS = { W1: ["values"], W2: ["values"], W3: ["values"] };

/** Cells with a quick preparation, and the topics whose results can be wrong. `checks.long.test.ts` contains Eppo's. */
const VENDORS = [
  {
    vendor: growthbook,
    topics: {
      ...{ ...EVALUATIONS, W5: ["hit", "miss"], "W5-group": ["hit", "miss"], W6: ["events"] },
    },
    isSlow: () => false,
  },
  {
    vendor: posthog,
    topics: {
      ...{ ...EVALUATIONS, "W2-rollout": ["values"], W4: ["countsOn"] },
      ...{ W5: ["hit", "miss"], W6: ["events"] },
    },
    // The vendor's SDK takes seconds for these. A run of the cell compares its results.
    isSlow: (name: string, id: string) =>
      name.startsWith("posthog-node") && ["W4", "W5", "W6"].includes(id),
  },
];

describe.each(VENDORS)("$vendor.name", ({ isSlow, topics, vendor }) => {
  const cells = new Map(cellsOf(vendor).map((cell) => [cell.id, cell]));

  it.each(Object.entries(topics))(
    "has the same results of all participants in %s, and rejects others",
    async (id, wrongs) => {
      const cell = cells.get(id) as Cell; // it has one
      const answers = new Map<string, Answers>();
      for (const { name, prepare } of cell.participants) {
        if (!isSlow(name, id)) answers.set(name, (await prepare()).answers);
      }
      expect(findContradiction(answers)).toBeNull();
      const merged = mergeAnswers(answers);
      expect(cell.findFault(merged)).toBeNull();
      for (const topic of wrongs) {
        const wrong = (merged[topic] ?? []).map(() => "wrong");
        expect(wrong.length).toBeGreaterThan(0);
        expect(cell.findFault({ ...merged, [topic]: wrong }), topic).not.toBeNull();
      }
    },
  );
});
