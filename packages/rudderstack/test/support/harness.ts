import { fileURLToPath } from "node:url";
import Analytics from "@rudderstack/rudder-sdk-node";
import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import {
  type Borrowed,
  fakeTrackScript,
  type LoggerHarness,
  trackedEventsOf,
} from "@sortition/test-kit/logger-contract";
import { rudderstackLogger } from "../../src/index.js";

function borrow(url: string, options: object = {}): Borrowed {
  const errorHandler = (): void => {};
  const analytics = new Analytics("key", { dataPlaneUrl: url, errorHandler, logLevel: "none" });
  const { flush } = analytics;
  let flushCalls = 0;
  analytics.flush = (callback) => {
    flushCalls += 1;
    return flush.call(analytics, callback);
  };
  return {
    logger: rudderstackLogger({ analytics, ...options }),
    trackOwn: () => analytics.track({ userId: "user", event: "own event" }),
    flushOwn: () => analytics.flush(),
    breakTrack: () => {
      analytics.track = () => {
        throw new Error("no");
      };
    },
    get flushCalls() {
      return flushCalls;
    },
    // The library keeps its handler and settings in members that are missing in its types.
    settings: () => {
      const { errorHandler, flushAt, flushInterval } = analytics as unknown as Record<
        string,
        unknown
      >;
      return { errorHandler, flushAt, flushInterval };
    },
  };
}

/** The RudderStack logger under test. */
export const harness: LoggerHarness = {
  vendor: "RudderStack",
  create: (url, options = {}) =>
    rudderstackLogger({
      ...{ writeKey: "key", dataPlaneUrl: url },
      // A busy machine must not cause retries.
      requestTimeoutMs: 120_000,
      ...options,
    }),
  borrow,
  borrowedReports: true,
  eventsOf: trackedEventsOf,
  createClient: (assignmentLogger, flagsConfiguration) =>
    createClient({
      dialect: eppo(),
      initialConfiguration: Configuration.from({
        dialect: eppo(),
        payloads: { flags: flagsConfiguration },
      }),
      assignmentLogger,
    }),
  cwd: fileURLToPath(new URL("../..", import.meta.url)),
  script: `
    const { rudderstackLogger } = await load("@sortition/rudderstack");
    const create = (options) =>
      rudderstackLogger({ writeKey: "key", dataPlaneUrl: process.env.URL, ...options });`,
  fakeScript: fakeTrackScript("@sortition/rudderstack", "rudderstackLogger"),
  usage: `
    import Analytics from "@rudderstack/rudder-sdk-node";
    import { type BufferedLogger, rudderstackLogger } from "@sortition/rudderstack";
    const analytics = new Analytics("key", { dataPlaneUrl: "http://127.0.0.1", errorHandler: () => {} });
    export const borrowed: BufferedLogger = rudderstackLogger({ analytics });
    export const owned: BufferedLogger = rudderstackLogger({ writeKey: "key", dataPlaneUrl: "http://127.0.0.1" });`,
  retriesStatus: 500,
  burst: 1_000,
};
