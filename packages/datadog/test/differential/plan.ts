import type { DifferentialPlan, Random } from "@sortition/dialect-kit/differential";
import { vi } from "vitest";
import { type Call, generateCalls } from "./calls.js";
import { generateConfiguration, NOW_MS } from "./configurations.js";
import { Coverage } from "./coverage.js";
import { DELIBERATE } from "./deliberate.js";
import { Ours } from "./ours.js";
import type { Outcome } from "./outcome.js";
import { Vendor } from "./vendor.js";

/** A call, with our result and the vendor's. */
export interface Case {
  readonly call: Call;
  /** The configuration as JSON. */
  readonly text: string;
  readonly ours: Outcome;
  readonly vendor: Outcome;
}

/** Number of configurations, and of calls for each. */
export interface Extent {
  readonly configurations: number;
  readonly callsEach: number;
}

/** Compares generated configurations and contexts at one fixed time. */
export const PLAN: DifferentialPlan<Case, Extent> = {
  name: "datadog evaluation",
  named: DELIBERATE,
  cases: compare,
  createTally: () => new Coverage(),
  show: ({ call, text }) => `${String(call.targetingKey)} ${call.flagKey} ${call.type}\n${text}`,
};

async function* compare(
  random: Random,
  { callsEach, configurations }: Extent,
): AsyncGenerator<Case> {
  vi.setSystemTime(NOW_MS);
  for (let index = 0; index < configurations; index++) {
    const configuration = generateConfiguration(random, index);
    const text = JSON.stringify(configuration);
    const vendor = new Vendor(JSON.parse(text));
    const ours = new Ours(text);
    for (const call of generateCalls(random, configuration, callsEach)) {
      yield { call, text, ours: ours.run(call), vendor: await vendor.run(call) };
    }
  }
}
