import type { DifferentialPlan, Random } from "@sortition/dialect-kit/differential";
import { vi } from "vitest";
import { type Call, generateCalls } from "./calls.js";
import { type Flag, type GeneratedConfiguration, generateConfiguration } from "./configurations.js";
import { Coverage } from "./coverage.js";
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

/** Changes only the flags of our side. */
export type Sabotage = (flags: readonly Flag[]) => readonly Flag[];

/**
 * Compares local evaluation for generated configurations, users and calls, with a virtual clock.
 */
export const PLAN: DifferentialPlan<Case, Extent, Sabotage> = {
  name: "amplitude local evaluation",
  named: DELIBERATE,
  cases: compare,
  createTally: () => new Coverage(),
  show: ({ call, configuration }) => JSON.stringify({ call, configuration }, null, 1),
};

async function* compare(
  random: Random,
  { callsEach, configurations }: Extent,
  sabotage: Sabotage | null,
): AsyncGenerator<Case> {
  for (let index = 0; index < configurations; index++) {
    const configuration = generateConfiguration(random, index);
    const vendor = new Vendor(configuration);
    const ours = new Ours(configuration, sabotage?.(configuration.flags));
    for (const call of generateCalls(random, configuration, callsEach)) {
      vi.setSystemTime(call.nowMs);
      yield { configuration, call, ours: ours.run(call), vendor: await vendor.run(call) };
    }
  }
}
