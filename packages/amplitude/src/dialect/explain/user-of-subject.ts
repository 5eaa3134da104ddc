import { isJsonObject, type JsonObject } from "@sortition/core/dialect";
import { type ExperimentUser, USER_FIELDS } from "../user.js";

/**
 * Converts a subject to a user. Attributes with the name of a member of the user become that
 * member, and all others become properties.
 */
export function userOfSubject(subjectKey: string, attributes: JsonObject): ExperimentUser {
  const members: [string, unknown][] = [["user_id", subjectKey]];
  const properties: [string, unknown][] = [];
  for (const [name, value] of Object.entries(attributes)) {
    (USER_FIELDS.has(name) ? members : properties).push([name, value]);
  }
  const given = attributes["user_properties"];
  const all = Object.fromEntries([
    ...(isJsonObject(given) ? Object.entries(given) : []),
    ...properties,
  ]);
  return Object.fromEntries([...members, ["user_properties", all]]);
}
