import { afterEach, beforeEach, describe } from "vitest";
import { type Collector, startCollector } from "../collector.js";
import { itDelivers } from "./delivery.js";
import { itWithstandsFaults } from "./faults.js";
import type { LoggerHarness } from "./harness.js";
import { itKnowsWhatItOwns } from "./ownership.js";
import { itSendsPlainEvents } from "./payload.js";
import { itMindsItsProcess } from "./processes.js";
import { itHasTypes } from "./types.js";

/**
 * What every logger over an analytics library promises, tried with the real library against a
 * collector on loopback. The numbers are those of the table in the specification of the loggers.
 */
export function describeAnalyticsLogger(harness: LoggerHarness): void {
  let collector: Collector;
  const current = (): Collector => collector;

  beforeEach(async () => {
    collector = await startCollector();
  });
  afterEach(() => collector.close());

  describe(`the ${harness.vendor} logger`, () => {
    itDelivers(harness, current);
    itWithstandsFaults(harness, current);
    itSendsPlainEvents(harness, current);
    itKnowsWhatItOwns(harness, current);
    itMindsItsProcess(harness, current);
    itHasTypes(harness);
  });
}
