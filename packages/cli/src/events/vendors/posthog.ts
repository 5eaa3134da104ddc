import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import { columnOf, objectColumnOf, type Preset } from "../preset.js";

/**
 * The events of a flag's result. PostHog copies `$feature_flag_called` to `$experiment_exposure`, with the same properties,
 * if the result is a variant.
 */
const EVENTS: readonly unknown[] = ["$feature_flag_called", "$experiment_exposure"];
const FLAG = "$feature_flag";

/** PostHog's `$feature_flag_called` and `$experiment_exposure`, as sent by SDKs or as a row of an export. */
export const posthogEvents: Preset = {
  name: "posthog",
  dialect: "posthog",
  isOfAssignments: true,
  hasLoggedTimes: false,
  zone: null,
  shows(row) {
    const properties = columnOf(row, "properties");
    if (EVENTS.includes(columnOf(row, "event"))) return true;
    if (isJsonObject(properties)) return Object.hasOwn(properties, FLAG);
    // Recognises other events of an export without properties, or with properties in a string.
    return typeof columnOf(row, "event") === "string" && columnOf(row, "distinct_id") !== undefined;
  },
  unwrap(row) {
    const properties = objectColumnOf(row, "properties");
    const event = columnOf(row, "event");
    if (!EVENTS.includes(event) && (event !== undefined || !Object.hasOwn(properties, FLAG))) {
      return [];
    }
    return [
      {
        featureFlag: properties[FLAG],
        subject: columnOf(row, "distinct_id") ?? row["distinctId"] ?? properties["distinct_id"],
        person: columnOf(row, "person_id"),
        variation: variationOf(properties["$feature_flag_response"]),
        timestamp: columnOf(row, "timestamp"),
        messageId: columnOf(row, "uuid") ?? null,
        subjectAttributes: attributesOf(row, properties),
      },
    ];
  },
};

/** PostHog logs `false` if the flag assigns no variant. */
function variationOf(response: unknown): unknown {
  return response === undefined || String(response) === "false" ? null : response;
}

/** Returns attributes in the format of the native client. Without person properties, the event contains none. */
function attributesOf(row: JsonObject, properties: JsonObject): JsonObject {
  const person = objectColumnOf(row, "person");
  return {
    ...objectColumnOf(person, "properties"),
    ...objectColumnOf(row, "person_properties"),
    ...(typeof properties["$device_id"] === "string"
      ? { $device_id: properties["$device_id"] }
      : {}),
    // An event without groups means that there were none.
    $groups: objectColumnOf(properties, "$groups"),
  };
}
