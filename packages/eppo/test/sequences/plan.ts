import {
  CoverageCounts,
  type DifferentialPlan,
  type Played,
  type Random,
  type Tally,
} from "@sortition/dialect-kit/differential";
import { OURS, VENDOR } from "../sdks.js";
import { type Journal, playProgram } from "./play.js";
import { ANSWERS, generateProgram, type Program, STEPS } from "./steps.js";

type PlayedProgram = Played<Program, Journal>;

/** Names of journal entries other than the results of steps. */
const ENTRIES: readonly string[] = [
  ...["assignment", "choice", "dispatched", "context", "request"],
  ...["assignments has", "assignments set", "bandits has", "bandits set"],
];

class Counts extends CoverageCounts implements Tally<PlayedProgram> {
  constructor() {
    super({ steps: STEPS, entries: ENTRIES, "first answers": ANSWERS });
  }

  override add(of: PlayedProgram | string, name?: string): void {
    if (typeof of === "string") super.add(of, name ?? "");
    else this.#addProgram(of);
  }

  #addProgram({ program, vendor: journal }: PlayedProgram): void {
    this.add("first answers", program.answer);
    for (const step of program.steps) this.add("steps", step.do);
    for (const [name] of journal) {
      if (ENTRIES.includes(name as string)) this.add("entries", name as string);
    }
  }
}

/** Returns the name of the journal's entry at a path, or its member with this index. */
function entryOf(path: string, journal: Journal, index = 0): unknown {
  return journal[Number(/^\[(\d+)\]/.exec(path)?.[1])]?.[index];
}

function logged(journal: Journal): number {
  return journal.filter(([name]) => name === "assignment" || name === "choice").length;
}

/** Plays programs of starts, setters, getters and polls with our drop-in and the vendor's SDK. */
export const PLAN: DifferentialPlan<PlayedProgram, number> = {
  name: "eppo drop-in",
  named: [
    {
      name: "isInitialized",
      because: "the vendor's stays `false` if no flag refers to a bandit",
      explains: ({ ours, path, vendor }, { vendor: journal }) =>
        entryOf(path, journal) === "isInitialized" && ours === true && vendor === false,
    },
    {
      name: "event: attributes null",
      because: "`null` means the same as no attributes, and sinks expect an object",
      explains: ({ ours, path, vendor }) =>
        path.endsWith(".subjectAttributes") && vendor === null && JSON.stringify(ours) === "{}",
    },
    {
      name: "attributes that change while an event waits for a logger",
      because: "an event has the attributes of its call",
      explains: ({ path }, { program: { config, steps } }) =>
        path.includes(".subjectAttributes.") &&
        (config["assignmentLogger"] ?? config["banditLogger"]) === undefined &&
        steps.some((step) => step.do === "change attributes"),
    },
    {
      name: "requests of models beside a store of flags",
      because: "they are fetched again",
      explains: ({ path }, { program, vendor: journal }) =>
        entryOf(path, journal) === "requests of models" &&
        program.steps.some((step) => step.do === "setFlagConfigurationStore"),
    },
    {
      name: "actions null",
      because: "the default is returned, and a flag that cannot be evaluated is left out",
      explains: ({ path }, { vendor: journal }) =>
        ["getBestAction", "getPrecomputedConfiguration"].includes(`${entryOf(path, journal)}`) &&
        entryOf(path, journal, 1) === "throws",
    },
    {
      name: "message of an error",
      because: "ours names the flag; those of the engine name variables",
      explains: ({ ours, path, vendor }, { vendor: journal }) =>
        entryOf(path, journal, 1) === "throws" &&
        (String(ours).endsWith(` cannot be evaluated: ${String(vendor)}`) ||
          [ours, vendor].every((it) => String(it).endsWith(" is not a function"))),
    },
    {
      name: "configuration of a copy",
      because: "what a copy fetches, or takes from a store, is its client's, too",
      explains: ({ path }, { program: { steps }, vendor: journal }) =>
        entryOf(path, journal) === "getPrecomputedConfiguration" &&
        ["withOverrides", "fetchFlagConfigurations", "setFlagConfigurationStore"].every((name) =>
          steps.some((step) => step.do === name),
        ),
    },
    {
      name: "logger that fails after another assignment was logged",
      because: "the last event that the logger has is unknown then, so the next one is logged",
      explains: (_, { ours, program, vendor }) =>
        JSON.stringify(program).includes('"throws') && logged(ours) > logged(vendor),
    },
    {
      name: "time of a configuration",
      because: "a poll that brings the same content does not replace it",
      explains: ({ ours, path, vendor }) =>
        path.endsWith(".configFetchedAt") && String(ours) < String(vendor),
    },
  ],
  async *cases(random: Random, programs) {
    for (let i = 0; i < programs; i++) {
      const program = generateProgram(random);
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
