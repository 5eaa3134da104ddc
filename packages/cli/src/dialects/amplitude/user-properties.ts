import { USER_FIELDS } from "@sortition/amplitude/dialect";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";

/**
 * Moves user properties to the top level, where an evaluation reads them first. Properties with the name of a member of the
 * user stay nested, because they would replace that member.
 */
export function withoutNestedProperties(attributes: JsonObject): JsonObject {
  const { user_properties: nested, ...members } = attributes;
  if (!isJsonObject(nested)) return attributes;
  const inside = Object.entries(nested).filter(([name]) => isMember(name));
  const beside = Object.entries(nested).filter(([name]) => !isMember(name));
  return {
    ...Object.fromEntries(beside),
    ...members,
    // Kept even if it is empty, so that missing attributes are reported with this path.
    user_properties: Object.fromEntries(inside),
  };
}

/**
 * Copies members of the user, such as `country`, to the user properties unless these are given, because the columns
 * of a table do not show which of the two was meant.
 */
export function withUserProperties(attributes: JsonObject): JsonObject {
  if (Object.hasOwn(attributes, "user_properties")) return attributes;
  const members = Object.entries(attributes).filter(([name]) => isMember(name));
  return { ...attributes, user_properties: Object.fromEntries(members) };
}

function isMember(name: string): boolean {
  return USER_FIELDS.has(name) || name === "user_id";
}
