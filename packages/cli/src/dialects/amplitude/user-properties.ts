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

/** Converts the columns of a table to the members of a user. */
export function userOfColumns(attributes: JsonObject): JsonObject {
  return withUserProperties(withGroupLists(attributes));
}

/**
 * Copies members of the user, such as `country`, to the user properties unless these are given, because the columns
 * of a table do not show which of the two was meant.
 */
function withUserProperties(attributes: JsonObject): JsonObject {
  if (Object.hasOwn(attributes, "user_properties")) return attributes;
  const members = Object.entries(attributes).filter(([name]) => isMember(name));
  return { ...attributes, user_properties: Object.fromEntries(members) };
}

/** A user has a list of groups of each type, and a column such as `groups.company` has one of them. */
function withGroupLists(attributes: JsonObject): JsonObject {
  const { groups } = attributes;
  if (!isJsonObject(groups)) return attributes;
  const lists = Object.entries(groups).map(([type, group]): [string, unknown] => {
    const isColumn = Object.hasOwn(attributes, `groups.${type}`) && !Array.isArray(group);
    return [type, isColumn ? [group] : group];
  });
  return { ...attributes, groups: Object.fromEntries(lists) };
}

function isMember(name: string): boolean {
  return USER_FIELDS.has(name) || name === "user_id";
}
