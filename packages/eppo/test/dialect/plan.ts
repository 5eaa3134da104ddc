import { inspect } from "node:util";
import type { DifferentialPlan, Random } from "@sortition/dialect-kit/differential";
import { vi } from "vitest";
import { generateCalls } from "./calls.js";
import { generateConfiguration } from "./configurations.js";
import { Coverage } from "./coverage.js";
import { type Case, DELIBERATE } from "./deliberate.js";
import { Ours } from "./ours.js";
import { isCallersObject } from "./outcome.js";
import { Vendor } from "./vendor.js";
import { NOON_MS } from "./windows.js";

/** How much to compare. */
export interface FlagsExtent {
  readonly configurations: number;
  readonly subjectsEach: number;
}

/** Compares flags with generated configurations, subjects and calls. */
export const FLAGS_PLAN: DifferentialPlan<Case, FlagsExtent> = {
  name: "eppo flags",
  named: DELIBERATE,
  cases: compareFlags,
  createTally: () => new Coverage(),
  isOpaque: isCallersObject,
  show({ call, configuration }) {
    const { flag, ...asked } = call;
    const wire = JSON.stringify(flag?.wire);
    return `${inspect(asked, { depth: 4 })}\n${inspect(configuration.profile)}\n${wire}`;
  },
};

async function* compareFlags(random: Random, extent: FlagsExtent): AsyncGenerator<Case> {
  for (let index = 0; index < extent.configurations; index++) {
    const configuration = generateConfiguration(random);
    const calls = random.times(extent.subjectsEach, () => generateCalls(random, configuration));
    vi.setSystemTime(NOON_MS);
    const vendor = new Vendor(configuration.profile);
    await vendor.load(configuration.text);
    const ours = new Ours(configuration.profile);
    ours.load(configuration.text);
    for (const call of calls.flat()) {
      vi.setSystemTime(call.nowMs);
      yield {
        configuration,
        call,
        ours: ours.run(call),
        vendor: vendor.run(call),
        answer: (other) => ours.run(other),
      };
    }
  }
}
