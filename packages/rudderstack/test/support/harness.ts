import { fileURLToPath } from "node:url";
import Analytics from "@rudderstack/rudder-sdk-node";
import type { CollectedRequest } from "@sortition/test-kit";
import type { Borrowed, LoggerHarness, SentEvent } from "@sortition/test-kit/logger-contract";
import { rudderstackLogger } from "../../src/index.js";
import { evaluate } from "./evaluate.js";

/** An event as it stands in a batch. */
export interface RudderEvent {
  readonly type: string;
  readonly event: string;
  readonly userId?: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Events of a request, as the library writes them. */
export function batchOf({ body }: CollectedRequest): readonly RudderEvent[] {
  return (body as { batch: RudderEvent[] }).batch;
}

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
    // The library keeps its handler and settings as members that its types do not name.
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
    rudderstackLogger({ writeKey: "key", dataPlaneUrl: url, ...options }),
  borrow,
  eventsOf: (request) =>
    batchOf(request).map(
      ({ messageId, event, userId, timestamp, properties }): SentEvent => ({
        id: messageId,
        name: event,
        subject: userId ?? "",
        timeMs: Date.parse(timestamp),
        data: properties,
      }),
    ),
  evaluate: (logger, subjectKey) => evaluate(logger, subjectKey),
  cwd: fileURLToPath(new URL("../..", import.meta.url)),
  script: `
    const { rudderstackLogger } = await load("@sortition/rudderstack");
    const create = (options) =>
      rudderstackLogger({ writeKey: "key", dataPlaneUrl: process.env.URL, ...options });`,
  fakeScript: `
    const { rudderstackLogger } = await load("@sortition/rudderstack");
    const sent = [];
    const analytics = {
      track: (message, callback) => { sent.push(message.messageId); callback(); },
      flush: async () => {},
    };
    const create = () => rudderstackLogger({ analytics });`,
  usage: `
    import Analytics from "@rudderstack/rudder-sdk-node";
    import { type BufferedLogger, rudderstackLogger } from "@sortition/rudderstack";
    const analytics = new Analytics("key", { dataPlaneUrl: "http://127.0.0.1", errorHandler: () => {} });
    export const borrowed: BufferedLogger = rudderstackLogger({ analytics });
    export const owned: BufferedLogger = rudderstackLogger({ writeKey: "key", dataPlaneUrl: "http://127.0.0.1" });`,
  retriesStatus: 500,
  burst: 1_000,
};
