import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../evaluate/request.js";
import { ColumnMap } from "../column-map.js";
import { PRESETS } from "../presets.js";
import { type ExposureReading, readExposures } from "../read-exposure.js";
import { SeenColumns } from "../seen-columns.js";
import { SkippedEvents } from "../skipped-events.js";
import { UNCHANGED } from "../table-attributes.js";

const TIME = "2026-02-01T12:00:00.000Z";
const READING: ExposureReading = {
  ...{ preset: null, map: null, zone: null, dialect: "posthog" },
  seen: new SeenColumns(),
  skipped: new SkippedEvents(),
  ...UNCHANGED,
};

/** Reads the exposures of a row, reduced to these members. */
function read(row: JsonObject, more: Partial<ExposureReading> = {}): readonly object[] {
  return readExposures(row, { ...READING, ...more }).map((exposure) => {
    const { attributes, experiment, flag, isAnonymous, messageId, subject, timeMs, variation } =
      exposure;
    const time = new Date(timeMs).toISOString();
    const read = { flag, subject, variation, experiment, time, messageId, attributes, isAnonymous };
    return exposure.segment === undefined ? read : { ...read, segment: exposure.segment };
  });
}

describe("the PostHog preset", () => {
  const CALLED = { $feature_flag: "checkout", $feature_flag_response: "on" };
  const EXPOSURE = {
    flag: "checkout",
    subject: "u1",
    variation: "on",
    experiment: null,
    time: TIME,
    messageId: "m1",
    attributes: { $groups: {} },
    isAnonymous: false,
  };
  const EVENT = { event: "$feature_flag_called", distinct_id: "u1", uuid: "m1", timestamp: TIME };
  const PERSON = { plan: "pro" };

  it.each([
    { of: "an SDK", row: { ...EVENT, properties: CALLED }, attributes: {} },
    {
      of: "an export to files",
      row: { ...EVENT, properties: CALLED, person_properties: PERSON },
      attributes: PERSON,
    },
    {
      of: "a warehouse that writes JSON as a string",
      row: {
        ...EVENT,
        properties: JSON.stringify(CALLED),
        person_properties: JSON.stringify(PERSON),
      },
      attributes: PERSON,
    },
    {
      of: "Snowflake",
      row: {
        EVENT: "$feature_flag_called",
        DISTINCT_ID: "u1",
        UUID: "m1",
        TIMESTAMP: TIME,
        PROPERTIES: CALLED,
        PERSON_PROPERTIES: PERSON,
      },
      attributes: PERSON,
    },
    {
      of: "the API",
      row: { ...EVENT, properties: CALLED, person: { properties: PERSON } },
      attributes: PERSON,
    },
    {
      of: "a browser",
      row: { ...EVENT, distinct_id: undefined, properties: { ...CALLED, distinct_id: "u1" } },
      attributes: {},
    },
  ])("reads an event from $of", ({ attributes, row }) => {
    const expected = { ...EXPOSURE, attributes: { ...attributes, $groups: {} } };
    expect(read(row)).toEqual([expected]);
  });

  it("reads groups and the device", () => {
    const properties = { ...CALLED, $groups: { company: "acme" }, $device_id: "d1" };
    expect(read({ ...EVENT, properties })).toMatchObject([
      { attributes: { $groups: { company: "acme" }, $device_id: "d1" } },
    ]);
  });

  it.each([
    { response: "on", variation: "on" },
    { response: true, variation: "true" },
    { response: "true", variation: "true" },
    { response: false, variation: null },
    { response: "false", variation: null },
    { response: null, variation: null },
    { response: undefined, variation: null },
  ])("reads the response $response as the variation $variation", ({ response, variation }) => {
    const properties = { ...CALLED, $feature_flag_response: response };
    expect(read({ ...EVENT, properties })).toMatchObject([{ variation }]);
  });

  it("skips a page view, whether its properties are an object or a string", () => {
    const view = { ...EVENT, event: "$pageview" };
    const properties = { $current_url: "/", "$feature/checkout": "on" };
    expect(read({ ...view, properties })).toEqual([]);
    expect(read({ ...view, properties: JSON.stringify(properties) })).toEqual([]);
  });

  it("does not claim an event whose properties are one of our own events", () => {
    const properties = { featureFlag: "f", subject: "u2", variation: "a" };
    expect(read({ ...EVENT, event: "assigned", properties })).toMatchObject([{ flag: "f" }]);
  });
});

describe("the Amplitude preset", () => {
  const AMPLITUDE = { dialect: "amplitude" };
  const EXPOSURE = {
    flag: "checkout",
    subject: "u1",
    variation: "on",
    experiment: "exp-1",
    time: TIME,
    messageId: "m1",
    attributes: {},
    isAnonymous: false,
  };
  const PROPERTIES = { flag_key: "checkout", variant: "on", experiment_key: "exp-1" };
  const NAMED = {
    "[Experiment] Flag Key": "checkout",
    "[Experiment] Variant": "on",
    "[Experiment] Experiment Key": "exp-1",
  };
  const EXPORTED = { user_id: "u1", event_time: "2026-02-01 12:00:00.000000", $insert_id: "m1" };
  const SENT = { user_id: "u1", time: Date.parse(TIME), insert_id: "m1" };

  it.each([
    { type: "$exposure", properties: PROPERTIES },
    { type: "[Experiment] Exposure", properties: NAMED },
  ])("reads events of the type $type, as sent and as exported", ({ properties, type }) => {
    const sent = {
      ...SENT,
      event_type: type,
      event_properties: properties,
      user_properties: { $set: { "[Experiment] checkout": "on" }, $unset: {} },
    };
    expect(read(sent, AMPLITUDE)).toEqual([EXPOSURE]);
    const user_properties = { plan: "pro" };
    const exported = {
      ...EXPORTED,
      event_type: type,
      event_properties: properties,
      user_properties,
    };
    expect(read(exported, AMPLITUDE)).toEqual([{ ...EXPOSURE, attributes: { user_properties } }]);
    // `--zone` does not apply, because Amplitude documents that exports use UTC.
    expect(read(exported, { ...AMPLITUDE, zone: "+02:00" })).toMatchObject([{ time: TIME }]);
  });

  it("reads groups and the device, which is the subject if there is no user", () => {
    const row = {
      ...EXPORTED,
      user_id: null,
      device_id: "d1",
      groups: { org: ["acme"] },
      event_type: "$exposure",
      event_properties: PROPERTIES,
      user_properties: {},
    };
    expect(read(row, AMPLITUDE)).toMatchObject([
      {
        subject: "d1",
        isAnonymous: true,
        attributes: { device_id: "d1", groups: { org: ["acme"] } },
      },
    ]);
  });

  it("reads an exposure for each flag of an assignment", () => {
    const row = {
      ...EXPORTED,
      event_type: "[Experiment] Assignment",
      event_properties: {
        "checkout.variant": "on",
        "checkout.details": "v3 rule:half",
        "a.variant.variant": "off",
      },
    };
    const common = { ...EXPOSURE, experiment: null, attributes: { user_properties: {} } };
    expect(read(row, AMPLITUDE)).toEqual([
      { ...common, messageId: "m1 checkout", segment: "half" },
      { ...common, flag: "a.variant", variation: "off", messageId: "m1 a.variant", segment: null },
    ]);
  });

  it.each([
    { variant: "off", variation: "off" },
    { variant: null, variation: null },
    { variant: undefined, variation: null },
  ])("reads the variant $variant of an exposure as $variation", ({ variant, variation }) => {
    const row = {
      ...EXPORTED,
      event_type: "$exposure",
      event_properties: { ...PROPERTIES, variant },
    };
    expect(read(row, AMPLITUDE)).toMatchObject([{ variation }]);
  });

  it("skips events of other types", () => {
    expect(read({ ...EXPORTED, event_type: "Purchase", event_properties: {} }, AMPLITUDE)).toEqual(
      [],
    );
  });
});

describe("--map with --preset", () => {
  it("replaces single members and adds attributes", () => {
    const row = {
      event_type: "$exposure",
      event_properties: { flag_key: "checkout", variant: "on" },
      user_id: "u1",
      visitor: "v1",
      country: "DK",
      event_time: "2026-02-01 12:00:00",
      user_properties: { plan: "pro" },
    };
    const reading = {
      dialect: "amplitude",
      preset: PRESETS.get("amplitude") ?? null,
      map: new ColumnMap("subject=visitor,attributes.country=country"),
    };
    expect(read(row, reading)).toMatchObject([
      {
        flag: "checkout",
        subject: "v1",
        time: TIME,
        attributes: { user_properties: { plan: "pro" }, country: "DK" },
      },
    ]);
    expect(read({ ...row, event_type: "Purchase" }, reading)).toEqual([]);
  });
});
