import { fileURLToPath } from "node:url";
import { Analytics } from "@segment/analytics-node";
import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import {
  type Borrowed,
  fakeTrackScript,
  type LoggerHarness,
  trackedEventsOf,
} from "@sortition/test-kit/logger-contract";
import { segmentLogger } from "../../src/index.js";

function borrow(url: string, options: object = {}): Borrowed {
  const analytics = new Analytics({ writeKey: "key", host: url });
  let errorListeners = 0;
  const { on } = analytics;
  // The type of `on` is too narrow for a function that passes on any arguments.
  const spy = (...parameters: Parameters<typeof on>): unknown => {
    if (parameters[0] === "error") errorListeners += 1;
    return Reflect.apply(on, analytics, parameters);
  };
  analytics.on = spy as typeof on;
  const { flush } = analytics;
  let flushCalls = 0;
  analytics.flush = (...parameters) => {
    flushCalls += 1;
    return flush.apply(analytics, parameters);
  };
  return {
    logger: segmentLogger({ analytics, ...options }),
    trackOwn: () => analytics.track({ userId: "user", event: "own event" }),
    flushOwn: () => analytics.closeAndFlush(),
    breakTrack: () => {
      analytics.track = () => {
        throw new Error("no");
      };
    },
    get flushCalls() {
      return flushCalls;
    },
    settings: () => errorListeners,
  };
}

/** The Segment logger under test. */
export const harness: LoggerHarness = {
  vendor: "Segment",
  create: (url, options = {}) =>
    segmentLogger({
      ...{ writeKey: "key", host: url },
      // A busy machine must not cause retries.
      httpRequestTimeoutMs: 120_000,
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
    const { segmentLogger } = await load("@sortition/segment");
    const create = (options) =>
      segmentLogger({ writeKey: "key", host: process.env.URL, ...options });`,
  fakeScript: fakeTrackScript("@sortition/segment", "segmentLogger"),
  usage: `
    import { Analytics } from "@segment/analytics-node";
    import { type BufferedLogger, segmentLogger } from "@sortition/segment";
    export const borrowed: BufferedLogger = segmentLogger({ analytics: new Analytics({ writeKey: "key" }) });
    export const owned: BufferedLogger = segmentLogger({ writeKey: "key", eventName: "Assigned" });`,
  retriesStatus: 500,
  burst: 1_000,
};
