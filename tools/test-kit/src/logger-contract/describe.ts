import { describe } from "vitest";
import { itDelivers } from "./delivery.js";
import { itWithstandsFaults } from "./faults.js";
import type { LoggerHarness } from "./harness.js";
import { itReportsOutages } from "./outages.js";
import { itKnowsWhatItOwns } from "./ownership.js";
import { itSendsPlainEvents } from "./payload.js";
import { describeProcessEnd } from "./processes.js";
import { itWeathersStorms } from "./storm.js";
import { itHasTypes } from "./types.js";

/**
 * Declares the contract tests of a logger over an analytics library. They use the real library and
 * a collector on loopback. Titles cite the faults of docs/spec/loggers.md §5.
 */
export function describeAnalyticsLogger(harness: LoggerHarness): void {
  describe(`the ${harness.vendor} logger`, () => {
    itDelivers(harness);
    itWithstandsFaults(harness);
    itReportsOutages(harness);
    itSendsPlainEvents(harness);
    itKnowsWhatItOwns(harness);
    describeProcessEnd(harness);
    itHasTypes(harness);
    itWeathersStorms(harness, 60, 4);
  });
}
