import { fileURLToPath } from "node:url";
import { buildStructEvent, newTracker } from "@snowplow/node-tracker";
import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import type { CollectedRequest } from "@sortition/test-kit";
import type { Borrowed, LoggerHarness, SentEvent } from "@sortition/test-kit/logger-contract";
import { snowplowLogger } from "../../src/index.js";

/** Name-value pairs of an event, all strings. */
export type Row = Readonly<Record<string, string>>;

/** Returns the events of a request in the library's format. */
export function rowsOf({ body }: CollectedRequest): readonly Row[] {
  return (body as { data: Row[] }).data;
}

/** Returns schema and data of a self-describing event. */
export function eventOf(row: Row): { schema: string; data: Record<string, unknown> } {
  const json = row["ue_pr"] ?? Buffer.from(row["ue_px"] ?? "", "base64url").toString("utf8");
  return JSON.parse(json).data;
}

function borrow(url: string, options: object = {}): Borrowed {
  const tracker = newTracker({ namespace: "users", appId: "shop" }, { endpoint: url });
  const changes: string[] = [];
  const { flush, addPlugin, setUserId } = tracker;
  let flushCalls = 0;
  tracker.flush = () => {
    flushCalls += 1;
    return flush();
  };
  tracker.addPlugin = (...parameters) => {
    changes.push("plugin");
    addPlugin(...parameters);
  };
  tracker.setUserId = (id) => {
    changes.push("user id");
    setUserId(id);
  };
  return {
    logger: snowplowLogger({ tracker, ...options }),
    trackOwn: () => tracker.track(buildStructEvent({ category: "c", action: "own event" })),
    flushOwn: () => tracker.flush(),
    breakTrack: () => {
      tracker.track = () => {
        throw new Error("no");
      };
    },
    get flushCalls() {
      return flushCalls;
    },
    settings: () => [...changes],
  };
}

/** The Snowplow logger under test. */
export const harness: LoggerHarness = {
  vendor: "Snowplow",
  create: (url, options = {}) => snowplowLogger({ endpoint: url, appId: "shop", ...options }),
  borrow,
  borrowedReports: false,
  eventsOf: (request) =>
    rowsOf(request).map((row): SentEvent => {
      const event = row["e"] === "ue" ? eventOf(row) : undefined;
      return {
        id: row["eid"] ?? "",
        name: event?.schema ?? row["se_ac"] ?? "",
        subject: row["uid"] ?? "",
        data: event?.data ?? {},
      };
    }),
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
    const { snowplowLogger } = await load("@sortition/snowplow");
    const create = (options) =>
      snowplowLogger({ endpoint: process.env.URL, appId: "shop", ...options });`,
  fakeScript: `
    const { snowplowLogger } = await load("@sortition/snowplow");
    const sent = [];
    const tracker = {
      track: (payload) => { sent.push(payload.build().eid); return {}; },
      flush: async () => {},
    };
    const create = () => snowplowLogger({ tracker });`,
  usage: `
    import { newTracker } from "@snowplow/node-tracker";
    import { type BufferedLogger, snowplowLogger } from "@sortition/snowplow";
    const tracker = newTracker({ namespace: "users", appId: "shop" }, { endpoint: "127.0.0.1" });
    export const borrowed: BufferedLogger = snowplowLogger({ tracker });
    export const owned: BufferedLogger = snowplowLogger({ endpoint: "127.0.0.1", appId: "shop" });`,
  retriesStatus: 500,
  burst: 5_000,
};
