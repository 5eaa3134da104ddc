import { jsonTextOf, seedOr, useShortStacks } from "@sortition/dialect-kit/differential";
import { type FuzzPlan, HOSTILE_VALUES, runFuzzer } from "@sortition/dialect-kit/fuzz";
import { describe, expect, it } from "vitest";
import { generateDefinitions } from "../differential/definitions.js";
import { type GeneratedPerson, generatePerson } from "../differential/requests.js";
import { clientOf, evaluate, type LocalOutcome } from "../ours.js";

/** Maximum processor time for one payload and all its flags, which take 30 ms at most. It only tells those that hang. */
const MAX_MS = 2_000;

interface Sample {
  readonly document: unknown;
  readonly keys: readonly string[];
  readonly people: readonly GeneratedPerson[];
}

interface Case {
  readonly ours: LocalOutcome;
  readonly vendor: LocalOutcome;
}

const counts = { refused: 0, values: 0, unresolved: 0, throws: 0, slowestMs: 0 };

/** Runs only our side, which covers more payloads in the same time. */
const PLAN: FuzzPlan<Sample, Case> = {
  name: "posthog definitions",
  named: [],
  sample(random) {
    const { body: document, flags } = generateDefinitions(random);
    const people = random.times(3, () => generatePerson(random));
    return { document, keys: flags.map(({ key }) => key), people };
  },
  async ask({ keys, people }, text) {
    const before = process.cpuUsage();
    try {
      const client = clientOf(text, { refuseRiskyPatterns: true });
      for (const { edges: _, ...request } of people) {
        for (const flag of keys) count(evaluate(client, { ...request, flag }));
      }
    } catch {
      counts.refused += 1; // the client rejects the payload and keeps the current one
    }
    const { system, user } = process.cpuUsage(before);
    counts.slowestMs = Math.max(counts.slowestMs, (system + user) / 1_000);
    return [];
  },
  print: jsonTextOf,
  show: () => "",
};

function count(outcome: LocalOutcome): void {
  if ("value" in outcome) counts.values += 1;
  else if ("unresolved" in outcome) counts.unresolved += 1;
  else counts.throws += 1;
}

/** Declares the test with this many payloads. */
export function describeAlone(payloads: number): void {
  describe(`${payloads} mutated payloads (SORTITION_SEED=${seedOr(20_251_125)})`, () => {
    useShortStacks();
    it("cause no crash, hang or pollution", async () => {
      const names = Object.getOwnPropertyNames(Object.prototype);
      const run = { seed: seedOr(20_251_125), rounds: payloads, values: HOSTILE_VALUES };
      const { places, rounds, values } = await runFuzzer(PLAN, run);
      process.stderr.write(`posthog mutated payloads: ${rounds}, ${JSON.stringify(counts)}\n`);
      expect(rounds).toBe(payloads);
      expect(places).toBeGreaterThan(80); // about 100, depending on the seed
      expect([...values].filter(([, times]) => times === 0)).toEqual([]);
      expect(Math.min(counts.values, counts.unresolved, counts.throws)).toBeGreaterThan(0);
      expect(counts.slowestMs).toBeLessThan(MAX_MS);
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(names);
    });
  });
}
