import { ALL_FLAGS, PAGE_FLAGS } from "../../../cells/all-flags.js";
import type { Cell } from "../../../cells/cell.js";
import { shortSubjectKeys } from "../../../workload/subjects.js";
import { definitionBytes, halves } from "../definitions.js";
import { askingAll, speedUps, visitorsWith } from "./asking.js";

/** All flags of a page at once. */
export const w4: Cell = {
  id: "W4",
  title: `all of ${PAGE_FLAGS} flags for a person`,
  ...ALL_FLAGS,
  participants: askingAll({
    topic: "countsOn",
    bytes: () =>
      definitionBytes(Array.from({ length: PAGE_FLAGS }, (_, i) => halves(`section-${i}`))),
    visitors: () => visitorsWith(undefined, shortSubjectKeys(20_000)),
    sampleSize: 100,
    ask: (client, visitor) => client.countTests(visitor),
  }),
  targets: speedUps(40),
};
