import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildStructEvent, newTracker } from "@snowplow/node-tracker";
import { type Collector, ifWhole, startCollector } from "@sortition/test-kit";
import {
  assignment,
  banditAction,
  HURRIED,
  PATIENT,
  TIMESTAMP,
} from "@sortition/test-kit/logger-contract";
import { Ajv } from "ajv";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type BufferedLogger,
  igluSchemas,
  type SnowplowLoggerOptions,
  snowplowLogger,
} from "../src/index.js";
import { eventOf, type Row, rowsOf } from "./support/harness.js";

let collector: Collector;

beforeEach(async () => {
  collector = await startCollector();
});
afterEach(() => collector.close());

type AssignmentEvent = Parameters<BufferedLogger["logAssignment"]>[0];
type BanditEvent = Parameters<BufferedLogger["logBanditAction"]>[0];

/** The sample events have every member that a client's event has. */
const anAssignment = (changes?: object): AssignmentEvent =>
  assignment("subject-1", changes) as unknown as AssignmentEvent;
const anAction = (changes?: object): BanditEvent =>
  banditAction("subject-1", changes) as unknown as BanditEvent;

/** Returns the rows that the collector receives from one logger. */
async function sentWith(
  options: Partial<SnowplowLoggerOptions>,
  log: (logger: BufferedLogger) => void,
): Promise<readonly Row[]> {
  const logger = snowplowLogger({ endpoint: collector.url, appId: "shop", ...options });
  log(logger);
  await logger.close(PATIENT);
  return collector.requests.flatMap(rowsOf);
}

/** Validates a row against its schema and returns the problems. */
function problemsOf(row: Row): unknown {
  const { schema: uri, data } = eventOf(row);
  const file = join(import.meta.dirname, "../schemas", uri.replace("iglu:", ""));
  const { $schema: _, self: __, ...schema } = JSON.parse(readFileSync(file, "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true });
  ajv.addFormat("date-time", (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text));
  const validate = ajv.compile(schema);
  return validate(data) ? [] : validate.errors;
}

function fail(): never {
  throw new Error("no");
}

describe("snowplowLogger", () => {
  it("loggers §5 fault 1: sends an assignment as a self-describing event", async () => {
    const [row] = await sentWith({}, (logger) => logger.logAssignment(anAssignment()));
    const event = assignment("subject-1");
    expect(row).toMatchObject({
      e: "ue",
      eid: event["messageId"],
      uid: "subject-1",
      ttm: String(Date.parse(TIMESTAMP)),
      aid: "shop",
      tna: "sortition",
    });
    expect(row).not.toHaveProperty("dtm");
    const { holdoutKey, format, entityId, messageId, ...same } = event;
    expect(eventOf(row ?? {})).toEqual({
      schema: "iglu:dev.sortition/assignment/jsonschema/1-0-0",
      data: { ...same, eventId: messageId, extraLogging: { holdoutKey } },
    });
    expect([format, entityId]).toEqual(["SERVER", null]);
    expect(collector.requests[0]?.path).toBe("/com.snowplowanalytics.snowplow/tp2");
  });

  it("loggers §5 fault 1: gives an event without an id the id that a client computes", async () => {
    const event = anAssignment({ subject: "alice", messageId: undefined });
    const [row] = await sentWith({}, (logger) => logger.logAssignment(event));
    expect(row?.["eid"]).toBe("0aa85106-3bd9-8511-8dec-215b53ac8b09");
  });

  it("loggers §5 fault 2: sends a bandit action as a self-describing event", async () => {
    const [row] = await sentWith({}, (logger) => logger.logBanditAction(anAction()));
    const { messageId, ...same } = banditAction("subject-1");
    expect(eventOf(row ?? {})).toEqual({
      schema: "iglu:dev.sortition/bandit_action/jsonschema/1-0-0",
      data: { ...same, eventId: messageId },
    });
  });

  it("loggers §5 fault 14: uses the user's vendor, mappers and contexts", async () => {
    const rows = await sentWith(
      {
        schemaVendor: "com.example",
        encodeBase64: false,
        contexts: [{ schema: "iglu:com.example/app/jsonschema/1-0-0", data: { name: "shop" } }],
        mapAssignment: () => ({ userId: "other", data: { at: new Date(0) } }),
        mapBandit: () => ({ schema: "iglu:com.example/chosen/jsonschema/1-0-0" }),
      },
      (logger) => {
        logger.logAssignment(anAssignment());
        logger.logBanditAction(anAction());
      },
    );
    expect(rows[0]).toMatchObject({ uid: "other" });
    expect(rows[0]).toHaveProperty("ue_pr");
    expect(eventOf(rows[0] ?? {})).toEqual({
      schema: "iglu:com.example/assignment/jsonschema/1-0-0",
      data: { at: "1970-01-01T00:00:00.000Z" },
    });
    expect(JSON.parse(rows[0]?.["co"] ?? "").data).toEqual([
      { schema: "iglu:com.example/app/jsonschema/1-0-0", data: { name: "shop" } },
    ]);
    expect(eventOf(rows[1] ?? {}).schema).toBe("iglu:com.example/chosen/jsonschema/1-0-0");
  });

  it("loggers §5.4: sends structured events in the library's format", async () => {
    const context = { schema: "iglu:com.example/app/jsonschema/1-0-0", data: { name: "shop" } };
    const rows = await sentWith(
      { structured: true, encodeBase64: false, contexts: [context] },
      (logger) => {
        logger.logAssignment(anAssignment());
        logger.logAssignment(anAssignment({ variation: null }));
        logger.logBanditAction(anAction());
      },
    );
    const { action, actionProbability, banditKey, flagKey, modelVersion } = anAction();
    const { featureFlag, messageId, variation } = anAssignment();
    const assigned = { category: "experiment", action: "assignment", label: featureFlag };
    const theirs = [
      { ...assigned, property: variation ?? "" },
      assigned,
      {
        ...{ category: "bandit", action, label: flagKey, value: actionProbability },
        property: `${banditKey}:${modelVersion}`,
      },
    ].map((event) => buildStructEvent(event).build());
    const pairs = theirs.map((row) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, String(value)])),
    );
    const ours = rows.map((row) =>
      Object.fromEntries(Object.entries(row).filter(([key]) => /^(e|se_\w+)$/.test(key))),
    );
    expect(ours).toEqual(pairs);
    const common = { eid: messageId, uid: "subject-1", ttm: String(Date.parse(TIMESTAMP)) };
    expect(rows[0]).toMatchObject(common);
    expect(JSON.parse(rows[0]?.["co"] ?? "").data).toEqual([context]);
  });

  it("sends a self-describing event if its mapper returns data, even with structured events enabled", async () => {
    const rows = await sentWith(
      { structured: true, mapBandit: () => ({ data: { own: 1 } }) },
      (logger) => {
        logger.logAssignment(anAssignment());
        logger.logBanditAction(anAction());
      },
    );
    expect(rows.map(({ e }) => e)).toEqual(["se", "ue"]);
    expect(eventOf(rows[1] ?? {}).data).toEqual({ own: 1 });
  });

  it("loggers §5 fault 18: keeps its subject and id on a tracker with its own user id and plugins", async () => {
    const tracker = newTracker({ namespace: "users", appId: "shop" }, { endpoint: collector.url });
    tracker.setUserId("other");
    const own = "00000000-0000-4000-8000-00000000beef";
    tracker.addPlugin({
      plugin: {
        beforeTrack: (payload) => {
          payload.add("eid", own);
          payload.add("url", "https://shop.example");
        },
        contexts: () => [{ schema: "iglu:com.example/page/jsonschema/1-0-0", data: { page: 1 } }],
      },
    });
    const logger = snowplowLogger({ tracker });
    logger.logAssignment(anAssignment());
    await logger.flush(PATIENT);
    tracker.track(buildStructEvent({ category: "c", action: "a" }));
    await tracker.flush();
    const [ours, theirs] = collector.requests.flatMap(rowsOf);
    expect(ours).toMatchObject({
      uid: "subject-1",
      eid: anAssignment().messageId,
      url: "https://shop.example",
    });
    expect(JSON.parse(Buffer.from(ours?.["cx"] ?? "", "base64url").toString()).data).toEqual([
      { schema: "iglu:com.example/page/jsonschema/1-0-0", data: { page: 1 } },
    ]);
    expect(theirs).toMatchObject({ e: "se", uid: "other", eid: own });
  });

  it.each([
    { of: "an assignment", log: (l: BufferedLogger) => l.logAssignment(anAssignment()) },
    {
      of: "an assignment with odd members",
      log: (l: BufferedLogger) =>
        l.logAssignment(
          anAssignment({
            allocation: null,
            experiment: null,
            variation: null,
            number: 1.5,
            truth: false,
            nothing: null,
            list: [1],
            long: "x".repeat(5_000),
            subjectAttributes: { "": null, deep: { a: [1, { b: "c" }] }, big: 1n, at: new Date(0) },
          }),
        ),
    },
    {
      of: "an assignment that is too large",
      log: (l: BufferedLogger) =>
        l.logAssignment(anAssignment({ subjectAttributes: { text: "é".repeat(30_000) } })),
    },
    { of: "a bandit action", log: (l: BufferedLogger) => l.logBanditAction(anAction()) },
    {
      of: "a bandit action with odd members",
      log: (l: BufferedLogger) =>
        l.logBanditAction(
          anAction({
            actionProbability: 1.25,
            optimalityGap: Number.NaN,
            subjectNumericAttributes: { a: "1", b: 2, c: null, d: Number.POSITIVE_INFINITY },
            subjectCategoricalAttributes: { a: true, b: 2, c: null, d: { e: 1 } },
            actionNumericAttributes: {},
            actionCategoricalAttributes: { x: "y".repeat(5_000) },
          }),
        ),
    },
  ])("loggers §5 fault 19: sends $of according to its schema", async ({ log }) => {
    const rows = await sentWith({}, log);
    expect(rows.map(problemsOf)).toEqual([[]]);
  });

  it("loggers §5 fault 19: has a validator that finds errors", async () => {
    const [row] = await sentWith({ mapAssignment: () => ({ data: { timestamp: "soon" } }) }, (l) =>
      l.logAssignment(anAssignment()),
    );
    expect(problemsOf(row ?? {})).toHaveLength(3);
  });

  it("sends categorical attributes as strings, and removes others", async () => {
    const [row] = await sentWith({}, (logger) =>
      logger.logBanditAction(
        anAction({ subjectCategoricalAttributes: { a: true, b: 2, c: null, d: { e: 1 }, f: "f" } }),
      ),
    );
    expect(eventOf(row ?? {}).data["subjectCategoricalAttributes"]).toEqual({
      a: "true",
      b: "2",
      c: null,
      f: "f",
    });
  });

  ifWhole(it)("resends an event that was too large for a shared request", async () => {
    collector.answer({ kind: "status", status: 500 }, { first: 1 });
    const logger = snowplowLogger({
      endpoint: collector.url,
      appId: "shop",
      maxPostBytes: 1_000,
      ...HURRIED,
    });
    logger.logAssignment(anAssignment({ subjectAttributes: { text: "x".repeat(5_000) } }));
    expect(await logger.flush(PATIENT)).toMatchObject({ ok: true, delivered: 1 });
    expect(collector.requests.map(({ status }) => status)).toEqual([500, 200]);
    await logger.close(PATIENT);
  });

  it("counts an event that the collector rejects as refused, and reports it", async () => {
    collector.answer({ kind: "status", status: 400 });
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    const logger = snowplowLogger({ endpoint: collector.url, appId: "shop", onError });
    logger.logAssignment(anAssignment());
    expect(await logger.close(PATIENT)).toMatchObject({ ok: false, dropped: 1 });
    expect(logger.stats().droppedBy).toMatchObject({ refused: 1 });
    expect(errors).toEqual([expect.objectContaining({ httpStatus: 400 })]);
  });

  ifWhole(it)("does not overflow the store of the user's tracker", async () => {
    const tracker = newTracker({ namespace: "users", appId: "shop" }, { endpoint: collector.url });
    const logger = snowplowLogger({ tracker });
    for (let i = 0; i < 3_000; i++) {
      const event = assignment(`subject-${i}`) as unknown as AssignmentEvent; // see above
      logger.logAssignment(event);
    }
    expect(await logger.flush(PATIENT)).toMatchObject({ ok: true, delivered: 3_000 });
    expect(new Set(collector.requests.flatMap(rowsOf).map(({ eid }) => eid)).size).toBe(3_000);
  });

  it.each([
    { what: "throws", bufferSize: 2, flush: (): Promise<void> => fail() },
    { what: "throws", bufferSize: 10, flush: (): Promise<void> => fail() },
    { what: "rejects", bufferSize: 2, flush: async (): Promise<void> => fail() },
    { what: "rejects", bufferSize: 10, flush: async (): Promise<void> => fail() },
  ])(
    "leaves no event pending on a tracker whose flush $what, with a buffer of $bufferSize",
    async ({ bufferSize, flush }) => {
      const errors: unknown[] = [];
      const onError = (error: unknown): void => void errors.push(error);
      const logger = snowplowLogger({ tracker: { track: () => ({}), flush }, bufferSize, onError });
      for (let i = 0; i < 3; i++) logger.logAssignment(anAssignment());
      expect(await logger.flush({ timeoutMs: 500 })).toMatchObject({ delivered: 3, pending: 0 });
      expect(errors).toEqual([new Error("no")]);
    },
  );

  it.each([
    { options: {}, option: "endpoint" },
    { options: { endpoint: "x" }, option: "appId" },
    {
      options: { endpoint: "https://x/com.snowplowanalytics.snowplow/tp2", appId: "shop" },
      option: "endpoint",
    },
    { options: { endpoint: "x", appId: "shop", bufersize: 3 }, option: "bufersize" },
    { options: { tracker: {} }, option: "tracker" },
    { options: { tracker: undefined }, option: "tracker" },
    { options: { endpoint: "x", appId: "shop", schemaVendor: " " }, option: "schemaVendor" },
    { options: { endpoint: "x", appId: "shop", structured: "yes" }, option: "structured" },
    { options: { endpoint: "x", appId: "shop", name: "" }, option: "name" },
    { options: undefined, option: "options" },
  ])("rejects the option $option", ({ options, option }) => {
    // A caller without types may pass anything.
    expect(() => snowplowLogger(options as unknown as SnowplowLoggerOptions)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option }),
    );
  });
});

describe("igluSchemas", () => {
  it("returns the schemas that the package ships in schemas/", () => {
    for (const { path, schema } of igluSchemas()) {
      const file = join(import.meta.dirname, "../schemas", path);
      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(schema);
    }
  });

  it("returns the schemas for another vendor", () => {
    expect(igluSchemas("com.example")[0]).toMatchObject({
      path: "com.example/assignment/jsonschema/1-0-0",
      schema: { self: { vendor: "com.example" } },
    });
  });
});
