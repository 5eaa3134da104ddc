import type { JsonObject } from "../../evaluate/request.js";
import { columnOf, objectColumnOf, type Preset } from "../preset.js";

/** Events that contain one flag. */
const EXPOSURES: readonly unknown[] = ["$exposure", "[Experiment] Exposure"];
/** An event that contains all flags of an evaluation. */
const ASSIGNMENT = "[Experiment] Assignment";
const VARIANT = ".variant";
const DETAILS = ".details";
/** Precedes the segment in the details of an assignment. */
const RULE = " rule:";

/** Amplitude's exposures and assignments, as sent by SDKs or as rows of its exports. */
export const amplitudeEvents: Preset = {
  name: "amplitude",
  dialect: "amplitude",
  isOfAssignments: true,
  hasLoggedTimes: false,
  // Exports have times in UTC without a zone.
  zone: "UTC",
  shows(row) {
    const type = columnOf(row, "event_type");
    // Other events of an export have properties as well.
    return isExposureType(type) || columnOf(row, "event_properties") !== undefined;
  },
  unwrap(row) {
    const type = columnOf(row, "event_type");
    const properties = objectColumnOf(row, "event_properties");
    if (type === ASSIGNMENT) return assignmentsOf(row, properties);
    return EXPOSURES.includes(type) ? [exposureOf(row, properties)] : [];
  },
};

function isExposureType(type: unknown): boolean {
  return type === ASSIGNMENT || EXPOSURES.includes(type);
}

function exposureOf(row: JsonObject, properties: JsonObject): JsonObject {
  // Server-side and client-side SDKs use different names.
  const property = (name: string, key: string): unknown =>
    properties[`[Experiment] ${name}`] ?? properties[key];
  return {
    ...commonOf(row),
    featureFlag: property("Flag Key", "flag_key"),
    variation: property("Variant", "variant") ?? null,
    experiment: property("Experiment Key", "experiment_key") ?? null,
    messageId: messageIdOf(row),
  };
}

function assignmentsOf(row: JsonObject, properties: JsonObject): readonly JsonObject[] {
  const common = commonOf(row);
  const messageId = messageIdOf(row);
  return Object.entries(properties).flatMap(([name, variant]) => {
    if (!name.endsWith(VARIANT)) return [];
    const featureFlag = name.slice(0, -VARIANT.length);
    return {
      ...common,
      featureFlag,
      variation: variant ?? null,
      segment: segmentIn(properties[`${featureFlag}${DETAILS}`]),
      // Each flag of the event is a separate exposure.
      messageId: messageId === null ? null : `${String(messageId)} ${featureFlag}`,
    };
  });
}

function commonOf(row: JsonObject): JsonObject {
  const userId = idIn(row, "user_id");
  const deviceId = idIn(row, "device_id");
  return {
    subject: userId ?? deviceId,
    isAnonymous: userId === null,
    timestamp: columnOf(row, "event_time") ?? columnOf(row, "time"),
    subjectAttributes: {
      ...(deviceId === null ? {} : { device_id: deviceId }),
      ...columnIfAny(row, "groups"),
      ...columnIfAny(row, "group_properties"),
      ...userProperties(row),
    },
  };
}

/** Some exports write an empty string for a missing id. */
function idIn(row: JsonObject, name: string): unknown {
  const id = columnOf(row, name);
  return id === "" ? null : (id ?? null);
}

function columnIfAny(row: JsonObject, name: string): JsonObject {
  const value = objectColumnOf(row, name);
  return Object.keys(value).length === 0 ? {} : { [name]: value };
}

/** Events of SDKs contain changes of the user's properties. Exports contain the properties themselves. */
function userProperties(row: JsonObject): JsonObject {
  const properties = objectColumnOf(row, "user_properties");
  const isChange = Object.hasOwn(properties, "$set") || Object.hasOwn(properties, "$unset");
  return isChange ? {} : { user_properties: properties };
}

/** Reads the segment from `v3 rule:SEGMENT`. */
function segmentIn(details: unknown): string | null {
  const at = typeof details === "string" ? details.indexOf(RULE) : -1;
  return at === -1 ? null : String(details).slice(at + RULE.length);
}

function messageIdOf(row: JsonObject): unknown {
  return columnOf(row, "insert_id") ?? columnOf(row, "$insert_id") ?? columnOf(row, "uuid") ?? null;
}
