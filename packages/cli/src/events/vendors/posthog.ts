import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import { columnOf, objectColumnOf, type Preset } from "../preset.js";

const CALLED = "$feature_flag_called";
const FLAG = "$feature_flag";

/** PostHog's `$feature_flag_called`: as SDKs send it, and rows of its exports. */
export const posthogEvents: Preset = {
  name: "posthog",
  dialect: "posthog",
  isOfAssignments: true,
  hasLoggedTimes: false,
  zone: null,
  shows(row) {
    const properties = columnOf(row, "properties");
    if (columnOf(row, "event") === CALLED) return true;
    if (isJsonObject(properties)) return Object.hasOwn(properties, FLAG);
    // Other events of an export that writes their properties as a string, or without any.
    return typeof columnOf(row, "event") === "string" && columnOf(row, "distinct_id") !== undefined;
  },
  unwrap(row) {
    const properties = objectColumnOf(row, "properties");
    const event = columnOf(row, "event");
    if (event !== CALLED && (event !== undefined || !Object.hasOwn(properties, FLAG))) return [];
    return [
      {
        featureFlag: properties[FLAG],
        subject: columnOf(row, "distinct_id") ?? row["distinctId"] ?? properties["distinct_id"],
        variation: variationOf(properties["$feature_flag_response"]),
        timestamp: columnOf(row, "timestamp"),
        messageId: columnOf(row, "uuid") ?? null,
        subjectAttributes: attributesOf(row, properties),
      },
    ];
  },
};

/** `false` is the answer to a subject whom the flag gives no variant. */
function variationOf(response: unknown): unknown {
  return response === undefined || String(response) === "false" ? null : response;
}

/** As a native client takes them. Without properties of the person, none is known. */
function attributesOf(row: JsonObject, properties: JsonObject): JsonObject {
  const person = objectColumnOf(row, "person");
  return {
    ...objectColumnOf(person, "properties"),
    ...objectColumnOf(row, "person_properties"),
    ...(typeof properties["$device_id"] === "string"
      ? { $device_id: properties["$device_id"] }
      : {}),
    // The event has them unless there are none.
    $groups: objectColumnOf(properties, "$groups"),
  };
}
