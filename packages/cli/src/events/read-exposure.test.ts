import { describe, expect, it } from "vitest";
import { type JsonObject, RequestError } from "../evaluate/request.js";
import { ColumnMap } from "./column-map.js";
import { type ExposureRow, PLAIN_EXPOSURE } from "./exposure-row.js";
import { type ExposureReading, readExposures } from "./read-exposure.js";
import { SeenColumns } from "./seen-columns.js";
import { SkippedEvents } from "./skipped-events.js";
import { UNCHANGED } from "./table-attributes.js";

const TIME = "2026-02-01T12:00:00.000Z";
const EVENT = {
  featureFlag: "checkout",
  subject: "u1",
  variation: "on",
  allocation: "half",
  experiment: "checkout-half",
  subjectAttributes: { plan: "pro" },
};
const OWN = { type: "assignment", ...EVENT, timestamp: TIME, messageId: "m1" };
const READING: ExposureReading = {
  ...{ preset: null, map: null, zone: null, dialect: "eppo" },
  seen: new SeenColumns(),
  skipped: new SkippedEvents(),
  ...UNCHANGED,
};

const EXPOSURE = {
  ...PLAIN_EXPOSURE,
  flag: "checkout",
  subject: "u1",
  attributes: { plan: "pro" },
  variation: "on",
  allocation: "half",
  experiment: "checkout-half",
  timeMs: Date.parse(TIME),
  messageId: "m1",
};

/** Returns the only exposure of a row; `null` if it has none. */
function readExposure(row: JsonObject, reading: ExposureReading): ExposureRow | null {
  const [exposure = null, ...others] = readExposures(row, reading);
  expect(others).toEqual([]);
  return exposure;
}

describe("readExposures", () => {
  it.each([
    { of: "our own loggers", row: OWN },
    {
      of: "Segment",
      row: { type: "track", userId: "u1", messageId: "m1", timestamp: TIME, properties: EVENT },
    },
    {
      of: "RudderStack",
      row: { userId: "u1", messageId: "m1", originalTimestamp: TIME, properties: EVENT },
    },
    {
      of: "Snowplow's enriched JSON",
      row: {
        event_id: "m1",
        user_id: "u1",
        derived_tstamp: TIME,
        unstruct_event_dev_sortition_assignment_1: EVENT,
      },
    },
    {
      of: "a warehouse loaded by Snowplow",
      row: {
        event_id: "m1",
        user_id: "u1",
        derived_tstamp: "2026-02-01 12:00:00 UTC",
        unstruct_event_dev_sortition_assignment_1_0_0: [
          {
            feature_flag: "checkout",
            variation: "on",
            allocation: "half",
            experiment: "checkout-half",
            subject_attributes: { plan: "pro" },
          },
        ],
      },
    },
  ])("recognises an exposure of $of", ({ row }) => {
    expect(readExposure(row, READING)).toEqual(EXPOSURE);
  });

  it("reads the columns that --map names", () => {
    const map = new ColumnMap(
      "flag=f,subject=user.id,variation=v,time=ts,attributes.plan=user.plan,id=n",
    );
    const row = { f: "checkout", user: { id: 7, plan: "pro" }, v: "on", ts: TIME, n: "m1" };
    expect(readExposure(row, { ...READING, map })).toEqual({
      ...EXPOSURE,
      ...{ subject: "7", subjectColumn: "id", isIndex: null },
      ...{ allocation: null, experiment: null },
    });
    map.checkSeen();
  });

  it("reads a bandit's choice", () => {
    const row = {
      type: "bandit",
      flagKey: "shoes",
      banditKey: "b",
      modelVersion: "v1",
      action: "nike",
      actionProbability: "0.25",
      subject: "u1",
      subjectNumericAttributes: { age: 30 },
      subjectCategoricalAttributes: { plan: "pro" },
      timestamp: TIME,
    };
    expect(readExposure(row, READING)).toMatchObject({
      flag: "shoes",
      attributes: { age: 30, plan: "pro" },
      choice: { action: "nike", banditKey: "b", modelVersion: "v1", probability: 0.25 },
    });
  });

  it("skips a page view", () => {
    const row = { type: "page", userId: "u1", properties: { url: "/" }, timestamp: TIME };
    expect(readExposure(row, READING)).toBeNull();
  });

  it.each([
    { forced: true },
    { forced: "TRUE" },
    { forced: "t" },
    { forced: 1 },
    { hashUsed: false },
    { hashUsed: "false" },
    { allocation: "override-on" },
  ])("treats an exposure with %o as forced", (more) => {
    expect(readExposure({ ...OWN, ...more }, READING)).toMatchObject({ isForced: true });
  });

  it.each([{ forced: "false" }, { hashUsed: "1" }, { allocation: "override-eu" }])(
    "does not treat an exposure with %o as forced",
    (more) => {
      expect(readExposure({ ...OWN, ...more }, READING)).toMatchObject({ isForced: false });
    },
  );

  it("recognises that a sticky bucket kept the variation", () => {
    const row = { ...OWN, stickyBucketUsed: "true" };
    expect(readExposure(row, READING)).toMatchObject({ isSticky: true, isForced: false });
  });

  it.each([
    { row: {}, says: "row: unknown format" },
    { row: { ...OWN, subject: "" }, says: "subject: expected a non-empty string" },
    {
      row: { event: "$feature_flag_called", properties: { $feature_flag: "f" } },
      says: "row: an event from posthog, but the configuration is for eppo",
    },
    {
      row: { event_type: "$exposure", event_properties: { flag_key: "f" } },
      says: "row: an event from amplitude, but the configuration is for eppo",
    },
    { row: { ...OWN, timestamp: "2026-02-01 12:00:00" }, says: "timestamp: the time has no zone" },
    { row: { ...OWN, subjectAttributes: "x" }, says: "subjectAttributes: expected an object" },
    { row: { ...OWN, subject: 2 ** 60 }, says: "subject: the number is too large" },
    { row: { ...OWN, timestamp: null }, says: "timestamp: expected an ISO 8601 time" },
    { row: { ...OWN, timestamp: 1_770_000_000 }, says: "timestamp: expected epoch milliseconds" },
    { row: { ...OWN, timestamp: "1770000000.5" }, says: "timestamp: expected epoch milliseconds" },
    {
      row: { ...OWN, action: "nike", actionProbability: "half" },
      says: "actionProbability: expected a number",
    },
  ])("throws: $says", ({ row, says }) => {
    expect(() => readExposure(row, READING)).toThrow(RequestError);
    expect(() => readExposure(row, READING)).toThrow(says);
  });
});

describe("--map", () => {
  it("rejects attributes that are not an object", () => {
    const map = new ColumnMap("flag=f,subject=s,time=t,attributes=a");
    const row = { f: "checkout", s: "u1", t: TIME, a: "{plan}" };
    expect(() => readExposure(row, { ...READING, map })).toThrow(
      "subjectAttributes: expected an object",
    );
  });

  it.each([
    { text: "flag", says: "expected NAME=COLUMN" },
    { text: "flags=f", says: 'did you mean "flag"?' },
    { text: "flag=f,subject=s,flag=g", says: "flag is given twice" },
  ])("rejects $text: $says", ({ says, text }) => {
    expect(() => new ColumnMap(text)).toThrow(says);
  });
});
