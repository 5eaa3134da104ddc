import { describe } from "vitest";
import { isWhole } from "../whole.js";
import { itClosesInTime } from "./close.js";
import { itDelivers } from "./delivery.js";
import { itWithstandsFaults } from "./faults.js";
import { isTriedWhole, type LoggerHarness } from "./harness.js";
import { itChecksOptions } from "./options.js";
import { itReportsOutages } from "./outages.js";
import { itKnowsWhatItOwns } from "./ownership.js";
import { itSendsPlainEvents } from "./payload.js";
import { describeProcessEnd } from "./processes.js";
import { itPrintsNothing } from "./silence.js";
import { itWeathersStorms } from "./storm.js";
import { itHasTypes } from "./types.js";

/**
 * Declares the contract tests of a logger over an analytics library. They use the real library and
 * a collector on loopback. Most of their time is waiting, so they run concurrently, except for those that measure
 * this process. Titles cite the faults of docs/spec/loggers.md §5.
 */
export function describeAnalyticsLogger(harness: LoggerHarness): void {
  describe.concurrent(`the ${harness.vendor} logger`, () => {
    itDelivers(harness);
    itWithstandsFaults(harness);
    itReportsOutages(harness);
    itClosesInTime(harness);
    itSendsPlainEvents(harness);
    itKnowsWhatItOwns(harness);
    if (isTriedWhole(harness)) describeProcessEnd(harness);
    itChecksOptions(harness);
    if (isWhole) itPrintsNothing(harness);
    if (isWhole) itHasTypes(harness);
    itWeathersStorms(harness, 60, 4);
  });
}
