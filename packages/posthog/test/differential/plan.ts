import { inspect } from "node:util";
import {
  CoverageCounts,
  type DifferentialPlan,
  jsonTextOf,
  type Random,
  type Tally,
} from "@sortition/dialect-kit/differential";
import { vi } from "vitest";
import { clientOf, evaluate, type LocalOutcome } from "../ours.js";
import {
  type GeneratedDefinitions,
  type GeneratedFlag,
  generateDefinitions,
} from "./definitions.js";
import { type GeneratedPerson, generatePerson } from "./requests.js";
import { Vendor } from "./vendor.js";

/** Number of cases to compare. */
export interface Extent {
  readonly sets: number;
  readonly peopleEach: number;
}

/** One flag for one person. */
export interface Case {
  readonly definitions: GeneratedDefinitions;
  readonly flag: GeneratedFlag;
  readonly person: GeneratedPerson;
  readonly ours: LocalOutcome;
  readonly vendor: LocalOutcome;
}

const NOON_MS = Date.UTC(2026, 0, 15, 12);
const DAY_MS = 86_400_000;

/** Evaluates generated definitions and people locally. */
export const EVALUATION_PLAN: DifferentialPlan<Case, Extent> = {
  name: "posthog flags",
  named: [
    {
      name: "a flag named __proto__",
      because:
        "it is an ordinary key; the vendor sets the prototype of one map, and finds it in all others",
      explains: (_, { flag }) => flag.key === "__proto__" || dependsOnProto(flag.wire),
    },
  ],
  cases: compareFlags,
  createTally: () => new Coverage(),
  show: ({ definitions, flag, person }) =>
    `${inspect(person, { depth: 6 })}\n${JSON.stringify(flag.wire)}\n${JSON.stringify(definitions.body)}`,
};

function dependsOnProto(wire: unknown): boolean {
  return JSON.stringify(wire).includes('"__proto__"');
}

async function* compareFlags(random: Random, extent: Extent): AsyncGenerator<Case> {
  for (let i = 0; i < extent.sets; i++) {
    const definitions = generateDefinitions(random);
    const text = jsonTextOf(definitions.body);
    // Months have different ends, so the last days are tested, too.
    const nowMs = random.pick([NOON_MS, Date.UTC(2026, 2, 31), Date.UTC(2024, 1, 29, 23)]);
    vi.setSystemTime(nowMs + random.integer(0, 2) * DAY_MS);
    const { evaluationContexts } = definitions;
    const vendor = new Vendor(text, evaluationContexts);
    await vendor.load();
    const ours = clientOf(text, { evaluationContexts });
    for (let j = 0; j < extent.peopleEach; j++) {
      const person = generatePerson(random);
      const unresolved = await vendor.unresolved(person);
      for (const flag of definitions.flags) {
        const asked = { ...person, flag: flag.key };
        yield {
          definitions,
          flag,
          person,
          ours: evaluate(ours, asked),
          vendor: await vendor.evaluate(asked, unresolved),
        };
      }
    }
  }
}

const OUTCOMES: readonly string[] = [
  ...["false", "true", "variant", "holdout", "payload", "no payload", "throws", "absent"],
  ...["experience_continuity", "unsupported_definition", "unresolved_dependency"],
  "missing_context",
];

/** Counts the vendor's outcomes. */
class Coverage implements Tally<Case> {
  readonly #counts = new CoverageCounts({ outcomes: OUTCOMES });

  add({ vendor }: Case): void {
    this.#counts.addAll("outcomes", outcomesOf(vendor));
  }

  get missing(): readonly string[] {
    return this.#counts.missing;
  }

  toString(): string {
    return `${this.#counts}`;
  }
}

function outcomesOf(outcome: LocalOutcome): readonly string[] {
  if ("throws" in outcome) return ["throws"];
  if ("unresolved" in outcome) return [outcome.unresolved ?? "absent"];
  const { value } = outcome;
  const text = String(value);
  const kind =
    typeof value === "boolean" ? text : text.startsWith("holdout-") ? "holdout" : "variant";
  return [kind, Object.hasOwn(outcome, "payload") ? "payload" : "no payload"];
}
