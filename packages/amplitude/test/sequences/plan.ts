import {
  CoverageCounts,
  type DifferentialPlan,
  type Random,
  type Tally,
} from "@sortition/dialect-kit/differential";
import { type Journal, OURS, playProgram, VENDOR } from "./play.js";
import {
  ANSWERS,
  generateProgram,
  OPTION_NAMES,
  type Options,
  type Program,
  STEPS,
  type Step,
} from "./steps.js";

/** A program and its journals with both packages. */
export interface PlayedProgram {
  readonly program: Program;
  readonly ours: Journal;
  readonly vendor: Journal;
}

/** Breaks the program that our side plays. */
export type Sabotage = (program: Program) => Program;

class Counts extends CoverageCounts implements Tally<PlayedProgram> {
  constructor() {
    super({
      steps: STEPS,
      options: OPTION_NAMES,
      answers: ANSWERS,
      outcomes: ["throws", "uploads"],
    });
  }

  override add(of: PlayedProgram | string, name?: string): void {
    if (typeof of === "string") super.add(of, name ?? "");
    else this.#addProgram(of);
  }

  #addProgram({ program: { options, steps }, vendor: journal }: PlayedProgram): void {
    for (const step of steps) {
      this.add("steps", step.do);
      if ("answer" in step) this.add("answers", step.answer);
    }
    this.addAll(
      "options",
      OPTION_NAMES.filter((name) => options[name]),
    );
    for (const [name, seen] of journal) {
      if (!Array.isArray(seen)) continue;
      if (seen[0] === "throws") this.add("outcomes", "throws");
      if (name === "uploads" && seen.length > 0) this.add("outcomes", "uploads");
    }
  }
}

/**
 * Plays programs of starts, polls, evaluations and writes with our local client and the vendor's.
 */
export const PLAN: DifferentialPlan<PlayedProgram, number, Sabotage> = {
  name: "amplitude drop-in",
  named: [],
  async *cases(random: Random, programs, sabotage) {
    for (let i = 0; i < programs; i++) {
      const program = generateProgram(random, i);
      const spoilt = sabotage === null ? program : sabotage(program);
      yield {
        program,
        ours: await playProgram(OURS, spoilt),
        vendor: await playProgram(VENDOR, program),
      };
    }
  },
  createTally: () => new Counts(),
  show: ({ program }) => JSON.stringify(program, null, 1),
};

const withSteps =
  (change: (step: Step) => Step): Sabotage =>
  (program) => ({ ...program, steps: program.steps.map(change) });

const withOptions =
  (options: Partial<Options>): Sabotage =>
  (program) => ({ ...program, options: { ...program.options, ...options } });

/** One sabotage for each feature that the client adds to evaluation. */
export const SABOTAGES: readonly { readonly name: string; readonly sabotage: Sabotage }[] = [
  { name: "bootstrap", sabotage: withOptions({ hasBootstrap: false }) },
  { name: "cohorts", sabotage: withOptions({ syncsCohorts: false }) },
  { name: "assignments", sabotage: withOptions({ tracksAssignments: false }) },
  { name: "exposures", sabotage: withOptions({ tracksExposures: false }) },
  { name: "the store", sabotage: withOptions({ hasStore: false }) },
  {
    name: "answers of the server",
    sabotage: withSteps((step) => ("answer" in step ? { ...step, answer: "content" } : step)),
  },
  {
    name: "time",
    sabotage: withSteps((step) => (step.do === "wait" ? { ...step, intervals: 0 } : step)),
  },
  {
    name: "users that change",
    sabotage: withSteps((step) => (step.do === "change user" ? { ...step, members: {} } : step)),
  },
  {
    name: "flags that are written",
    sabotage: withSteps((step) => (step.do === "cache.put" ? { ...step, key: "other" } : step)),
  },
];
