import * as vendor from "@growthbook/growthbook";
import {
  CoverageCounts,
  type DifferentialPlan,
  type Played,
  type Random,
  type Tally,
} from "@sortition/dialect-kit/differential";
import * as ours from "../../src/index.js";
import { type Journal, playProgram } from "./play.js";
import { generateProgram, KINDS, type Program, STEPS } from "./steps.js";

type PlayedProgram = Played<Program, Journal>;

/** Journal entries that callbacks, or the end of a program, write. */
const ENTRIES: readonly string[] = [
  ...[
    "tracked",
    "used",
    "usage",
    "viewed",
    "event",
    "custom",
    "subscribed",
    "navigate",
    "rendered",
  ],
  ...["loads", "saves", "results", "deferred", "logs", "log", "memory"],
];

class Counts extends CoverageCounts implements Tally<PlayedProgram> {
  constructor() {
    super({
      kinds: KINDS,
      steps: STEPS,
      entries: ENTRIES,
      options: ["sticky", "development", "logged"],
    });
  }

  override add(of: PlayedProgram | string, name?: string): void {
    if (typeof of === "string") super.add(of, name ?? "");
    else this.#addProgram(of);
  }

  #addProgram({ program, vendor: journal }: PlayedProgram): void {
    this.add("kinds", program.kind);
    for (const step of program.steps) this.add("steps", step.do);
    for (const [name] of journal as readonly [string][]) {
      if (ENTRIES.includes(name)) this.add("entries", name);
    }
    if (program.isSticky) this.add("options", "sticky");
    if (program.isDevMode) this.add("options", "development");
    if (program.isLogged) this.add("options", "logged");
  }
}

/** Plays programs of setters, evaluations and callbacks with our drop-in and with the vendor's SDK. */
export const PLAN: DifferentialPlan<PlayedProgram, number> = {
  name: "growthbook drop-in",
  named: [
    {
      name: "pattern that is not a string",
      because:
        "as in the differential test of the dialect: the vendor caches patterns by their text",
      explains: (_, { program }) => /"\$regexi?":(?!")/.test(JSON.stringify(program)),
    },
    {
      name: "malformed feature",
      because: "the vendor throws; ours answers as for an unknown feature, and reports it",
      explains: (_, { vendor: journal }) =>
        (journal as readonly unknown[][]).some(([, outcome]) => outcome === "throws"),
    },
  ],
  async *cases(random: Random, programs) {
    for (let i = 0; i < programs; i++) {
      const program = generateProgram(random);
      yield {
        program,
        ours: await playProgram(ours, program),
        // Both have the same names, but the vendor's types use `any` where ours use `unknown`.
        vendor: await playProgram(vendor as unknown as typeof ours, program),
      };
    }
  },
  createTally: () => new Counts(),
  show: ({ program }) => JSON.stringify(program, null, 1),
};
