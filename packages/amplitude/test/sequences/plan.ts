import {
  CoverageCounts,
  type DifferentialPlan,
  type Played,
  type Random,
  type Tally,
} from "@sortition/dialect-kit/differential";
import { type Journal, OURS, playProgram, VENDOR } from "./play.js";
import { generateProgram, type Program } from "./steps.js";

type PlayedProgram = Played<Program, Journal>;

/** Counts journals with errors and with uploads. */
class Counts implements Tally<PlayedProgram> {
  readonly #counts = new CoverageCounts({ outcomes: ["throws", "uploads"] });

  add({ vendor: journal }: PlayedProgram): void {
    for (const [name, seen] of journal) {
      if (!Array.isArray(seen)) continue;
      if (seen[0] === "throws") this.#counts.add("outcomes", "throws");
      if (name === "uploads" && seen.length > 0) this.#counts.add("outcomes", "uploads");
    }
  }

  get missing(): readonly string[] {
    return this.#counts.missing;
  }

  toString(): string {
    return String(this.#counts);
  }
}

/**
 * Plays programs of starts, polls, evaluations and writes with our local client and the vendor's.
 */
export const PLAN: DifferentialPlan<PlayedProgram, number> = {
  name: "amplitude drop-in",
  named: [],
  async *cases(random: Random, programs) {
    for (let i = 0; i < programs; i++) {
      const program = generateProgram(random, i);
      yield {
        program,
        ours: await playProgram(OURS, program),
        vendor: await playProgram(VENDOR, program),
      };
    }
  },
  createTally: () => new Counts(),
  show: ({ program }) => JSON.stringify(program, null, 1),
};
