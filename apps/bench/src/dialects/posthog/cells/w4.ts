import type { Cell } from "../../../cells/cell.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { definitionBytes, halves } from "../definitions.js";
import { askingAll, speedUps, visitorsWith } from "./asking.js";

const FLAG_COUNT = 500;

/** All flags of a page at once. */
export const w4: Cell = {
  id: "W4",
  title: `all of ${FLAG_COUNT} flags for a person`,
  unit: "ns",
  participants: askingAll({
    topic: "countsOn",
    bytes: () =>
      definitionBytes(Array.from({ length: FLAG_COUNT }, (_, i) => halves(`section-${i}`))),
    visitors: () => visitorsWith(undefined, shortSubjectKeys(20_000)),
    sampleSize: 100,
    ask: (client, visitor) => client.countTests(visitor),
  }),
  effort: {
    full: { rounds: 20, operations: 100, warmUpOperations: 100 },
    quick: { rounds: 5, operations: 50, warmUpOperations: 50 },
  },
  collectsGarbage: false,
  targets: speedUps(40),
  findFault: ({ countsOn = [] }) => {
    const counts = countsOn as readonly number[]; // what the task answers
    const isHalf = counts.every((it) => Math.abs(it / FLAG_COUNT - 0.5) < 0.15);
    if (!isHalf) return "a person has far from half of the flags in one variant";
    return new Set(counts).size > 1 ? null : "all people have the same number";
  },
};
