import {
  CoverageCounts,
  type DifferentialPlan,
  type Random,
  type Tally,
} from "@sortition/dialect-kit/differential";
import { vi } from "vitest";
import { type Call, generateCalls } from "./calls.js";
import { type GeneratedConfiguration, generateConfiguration } from "./configurations.js";
import { DELIBERATE } from "./deliberate.js";
import { Ours } from "./ours.js";
import type { Outcome } from "./outcome.js";
import { Vendor } from "./vendor.js";

/** A call with the outcomes of both packages. */
export interface Case {
  readonly configuration: GeneratedConfiguration;
  readonly call: Call;
  readonly ours: Outcome;
  readonly vendor: Outcome;
}

/** How much to compare. */
export interface Extent {
  readonly configurations: number;
  readonly callsEach: number;
}

/**
 * Compares local evaluation for generated configurations, users and calls, with a virtual clock.
 */
export const PLAN: DifferentialPlan<Case, Extent> = {
  name: "amplitude local evaluation",
  named: DELIBERATE,
  cases: compare,
  createTally: () => new Coverage(),
  show: ({ call, configuration }) => JSON.stringify({ call, configuration }, null, 1),
};

async function* compare(
  random: Random,
  { callsEach, configurations }: Extent,
): AsyncGenerator<Case> {
  for (let index = 0; index < configurations; index++) {
    const configuration = generateConfiguration(random, index);
    const vendor = new Vendor(configuration);
    const ours = new Ours(configuration);
    for (const call of generateCalls(random, configuration, callsEach)) {
      vi.setSystemTime(call.nowMs);
      yield { configuration, call, ours: ours.run(call), vendor: await vendor.run(call) };
    }
  }
}

const OUTCOMES: readonly string[] = [
  ...["cycle thrown", "TypeError", "default variant", "no result", "assignment", "exposures"],
  ...["suppressed assignment", "suppressed exposures"],
];

/** Counts the vendor's outcomes. */
class Coverage implements Tally<Case> {
  readonly #counts = new CoverageCounts({ outcomes: OUTCOMES });

  add({ call, vendor }: Case): void {
    const outcomes = Object.entries(outcomesOf(vendor, call.tracksExposure));
    this.#counts.addAll(
      "outcomes",
      outcomes.flatMap(([name, isMet]) => (isMet ? [name] : [])),
    );
  }

  get missing(): readonly string[] {
    return this.#counts.missing;
  }

  toString(): string {
    return String(this.#counts);
  }
}

function outcomesOf(
  outcome: Case["vendor"],
  tracksExposure: boolean,
): Readonly<Record<string, boolean>> {
  if ("throws" in outcome) {
    const isCycle = outcome.message !== "";
    return { "cycle thrown": isCycle, TypeError: outcome.throws === "TypeError" };
  }
  const { assignments, exposures, order, variants } = outcome;
  const isDefault = JSON.stringify(variants).includes('"default":true');
  return {
    "default variant": isDefault,
    "no result": order.length === 0,
    assignment: assignments.length > 0,
    "suppressed assignment": assignments.length === 0 && order.length > 0,
    exposures: exposures.length > 0,
    "suppressed exposures":
      tracksExposure && exposures.length === 0 && order.length > 0 && !isDefault,
  };
}
