import { inspect } from "node:util";
import { jsonTextOf, type NamedDifference } from "@sortition/dialect-kit/differential";
import type { FuzzPlan } from "@sortition/dialect-kit/fuzz";
import { vi } from "vitest";
import { type GeneratedDefinitions, generateDefinitions } from "../differential/definitions.js";
import { type GeneratedPerson, generatePerson } from "../differential/requests.js";
import { Vendor } from "../differential/vendor.js";
import { clientOf, evaluate, type LocalOutcome } from "../ours.js";

const NOON_MS = Date.UTC(2026, 0, 15, 12);

interface Sample {
  readonly document: unknown;
  readonly definitions: GeneratedDefinitions;
  readonly people: readonly GeneratedPerson[];
}

type Mutation = Parameters<FuzzPlan<Sample, never>["ask"]>[2];

interface FuzzCase {
  readonly flag: string;
  readonly person: GeneratedPerson;
  /** Whether the definition contained `__proto__` before the mutation. */
  readonly namesProto: boolean;
  readonly mutation: Mutation;
  readonly ours: LocalOutcome;
  readonly vendor: LocalOutcome;
}

const NAMED: readonly NamedDifference<FuzzCase>[] = [
  {
    name: "names of Object.prototype",
    because: "they are ordinary keys; the vendor finds members of Object.prototype under them",
    explains: (_, { flag, mutation, namesProto }) =>
      flag === "__proto__" ||
      namesProto ||
      /__proto__|constructor|toString/.test(mutation.value.name),
  },
  {
    name: "values without a string form",
    because:
      "such a filter fails when it is reached; the vendor fails when it reads or names the value",
    explains: (_, { mutation }) =>
      /string form|null conversions|bottomless/.test(mutation.value.name),
  },
  {
    name: "something else in place of a list",
    because:
      "it is an empty list if it is falsy, and otherwise fails when it is reached; the vendor fails in some places, and treats a string or a number as an empty list in others",
    explains: (_, { mutation: { path } }) =>
      ["groups", "properties", "values", "variants"].includes(String(path.at(-1))),
  },
  {
    name: "payload of a variant whose key is not a string",
    because:
      "the flag is on and has the payload of `true`; the vendor looks it up under the key as a string",
    explains: ({ path }, { mutation }) =>
      path.startsWith("payload") &&
      mutation.path.includes("variants") &&
      mutation.path.at(-1) === "key",
  },
  {
    name: "definitions that the vendor refuses as a whole",
    because:
      "one malformed flag fails alone; the vendor drops the whole payload, and had none before",
    explains: ({ vendor }, { mutation: { path } }) => path.length <= 3 && vendor !== "throws",
  },
];

/** Generated definitions with one replaced node. */
export const FUZZ_PLAN: FuzzPlan<Sample, FuzzCase> = {
  name: "posthog flags",
  named: NAMED,
  sample(random) {
    const definitions = generateDefinitions(random);
    const people = random.times(3, () => generatePerson(random));
    return { document: definitions.body, definitions, people };
  },
  async ask({ definitions, people }, text, mutation) {
    vi.setSystemTime(NOON_MS);
    const { evaluationContexts } = definitions;
    const vendor = new Vendor(text, evaluationContexts);
    await vendor.load();
    let client: ReturnType<typeof clientOf> | null = null;
    try {
      client = clientOf(text, { evaluationContexts });
    } catch {
      // the whole definitions are rejected
    }
    const cases: FuzzCase[] = [];
    for (const person of people) {
      const unresolved = await vendor.unresolved(person);
      for (const { key: flag, wire } of definitions.flags) {
        const namesProto = JSON.stringify(wire).includes('"__proto__"');
        const asked = { ...person, flag };
        const theirs = await vendor.evaluate(asked, unresolved);
        const ours = client === null ? { unresolved: null } : evaluate(client, asked);
        cases.push({ flag, namesProto, person, mutation, ours, vendor: theirs });
      }
    }
    return cases;
  },
  print: jsonTextOf,
  show: ({ flag, mutation, ours, person, vendor }) =>
    inspect({ flag, mutation, ours, person, vendor }, { depth: 6 }),
};
