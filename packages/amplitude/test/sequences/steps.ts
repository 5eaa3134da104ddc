import type { Random } from "@sortition/dialect-kit/differential";
import type { ExperimentUser } from "../../src/dialect.js";
import { type Call, generateCalls } from "../differential/calls.js";
import {
  type Flag,
  type GeneratedCohort,
  type GeneratedConfiguration,
  generateConfiguration,
  USER_IDS,
} from "../differential/configurations.js";

/** A step of a program. */
export type Step =
  | { readonly do: "evaluateV2" | "evaluate"; readonly call: number }
  | { readonly do: "serve flags" | "serve cohorts"; readonly answer: string; readonly of: number }
  | { readonly do: "wait"; readonly intervals: number }
  | { readonly do: "change user"; readonly user: number; readonly members: ExperimentUser }
  | { readonly do: "cache.put"; readonly key: string; readonly flag: Flag }
  | { readonly do: "cache.putAll"; readonly of: number }
  | { readonly do: "cache.get" | "cache.delete"; readonly key: string }
  | { readonly do: "cohortStorage.put"; readonly cohort: GeneratedCohort }
  | { readonly do: "cohortStorage.getCohort" | "cohortStorage.delete"; readonly id: string }
  | {
      readonly do: "cohortStorage.getCohortsForUser" | "cohortStorage.getCohortsForGroup";
      readonly member: string;
      readonly ids: readonly string[];
    }
  | { readonly do: SimpleStep };

/** Steps without an argument. */
export type SimpleStep =
  | "start"
  | "stop"
  | "new client"
  | "cache.getAll"
  | "cache.getAllCached"
  | "cache.clear"
  | "cohortStorage.getAllCohortIds";

/** All steps by name. */
const STEPS: readonly string[] = [
  ...["evaluateV2", "evaluate", "serve flags", "serve cohorts", "wait", "change user"],
  ...["cache.put", "cache.putAll", "cache.get", "cache.delete", "cohortStorage.put"],
  ...["cohortStorage.getCohort", "cohortStorage.delete", "cohortStorage.getCohortsForUser"],
  ...["cohortStorage.getCohortsForGroup", "cohortStorage.getAllCohortIds", "start", "stop"],
  ...["new client", "cache.getAll", "cache.getAllCached", "cache.clear"],
];

/** Replies of a server. */
const ANSWERS: readonly string[] = ["content", "500", "404", "429", "reset", "garbage"];

/** A program: the content of the servers, the options of the client, and the steps. */
export interface Program {
  readonly configurations: readonly GeneratedConfiguration[];
  readonly calls: readonly Call[];
  readonly options: Options;
  readonly steps: readonly Step[];
}

/** Parts that a client is created with. */
export interface Options {
  readonly hasBootstrap: boolean;
  readonly syncsCohorts: boolean;
  readonly tracksAssignments: boolean;
  readonly tracksExposures: boolean;
  readonly hasStore: boolean;
}

/** Generates a program. */
export function generateProgram(random: Random, index: number): Program {
  const configurations = random.times(2, (i) => generateConfiguration(random, index * 2 + i));
  const [configuration] = configurations as [GeneratedConfiguration];
  const options = {
    hasBootstrap: random.chance(0.4),
    syncsCohorts: random.chance(0.7),
    tracksAssignments: random.chance(0.6),
    tracksExposures: random.chance(0.6),
    hasStore: random.chance(0.3),
  };
  const steps = random.times(random.integer(3, 15), () => generateStep(random, configurations));
  return {
    configurations,
    calls: generateCalls(random, configuration, 4),
    options,
    steps: steps.filter((step) => !isDeliberate(step, options)),
  };
}

/** Whether the steps after this one differ on purpose, as documented on the page about Amplitude. */
function isDeliberate(step: Step, { hasStore, syncsCohorts }: Options): boolean {
  // Downloads replace written cohorts, but not in the vendor's client.
  const writesCohort = step.do === "cohortStorage.put" || step.do === "cohortStorage.delete";
  // A failed start reads the store, but not in the vendor's client.
  const failsFlags = step.do === "serve flags" && step.answer !== "content";
  return (syncsCohorts && writesCohort) || (hasStore && failsFlags);
}

function generateStep(random: Random, configurations: readonly GeneratedConfiguration[]): Step {
  const name = random.chance(0.4)
    ? random.pick(["evaluateV2", "evaluateV2", "evaluate", "start"])
    : random.deal("steps", STEPS);
  const flags = configurations.flatMap((it) => it.flags);
  const cohorts = configurations.flatMap((it) => it.cohorts);
  const flag = random.pick(flags);
  const key = random.chance(0.8) ? `${flag["key"]}` : random.pick(["unknown", "renamed"]);
  const id = random.pick(["c1", "c2", "c3"]);
  switch (name) {
    case "evaluateV2":
    case "evaluate":
      return { do: name, call: random.integer(0, 3) };
    case "serve flags":
    case "serve cohorts":
      return {
        do: name,
        answer: random.chance(0.6) ? "content" : random.deal(name, ANSWERS),
        of: random.integer(0, 1),
      };
    case "wait":
      return { do: name, intervals: random.integer(1, 3) };
    case "change user":
      return {
        do: name,
        user: random.integer(0, 3),
        members: random.pick<ExperimentUser>([
          { user_id: random.pick(USER_IDS) },
          { user_properties: { p: random.pick(["red", 7, null]) } },
          { groups: { org: ["acme"] } },
        ]),
      };
    case "cache.put":
      // No other flag depends on a flag that is stored under another key.
      return random.chance(0.8)
        ? { do: name, key: `${flag["key"]}`, flag }
        : { do: name, key: "renamed", flag: { ...flag, key: "written" } };
    case "cache.putAll":
      return { do: name, of: random.integer(0, 1) };
    case "cache.get":
    case "cache.delete":
      return { do: name, key };
    case "cohortStorage.put":
      return cohorts.length === 0
        ? { do: "cohortStorage.getAllCohortIds" }
        : { do: name, cohort: random.pick(cohorts) };
    case "cohortStorage.getCohort":
    case "cohortStorage.delete":
      return { do: name, id };
    case "cohortStorage.getCohortsForUser":
    case "cohortStorage.getCohortsForGroup":
      return { do: name, member: random.pick([...USER_IDS, "acme"]), ids: ["c1", id, "missing"] };
    default:
      return { do: name as SimpleStep }; // all others are listed above
  }
}
