import { USER_FIELDS } from "@sortition/amplitude/dialect";
import { isJsonObject, type JsonObject } from "../../evaluate/request.js";

/**
 * Puts user properties beside the other attributes, where an evaluation looks for them first, except for those
 * with the name of a member of the user, which would become that member.
 */
export function withoutNestedProperties(attributes: JsonObject): JsonObject {
  const { user_properties: nested, ...members } = attributes;
  if (!isJsonObject(nested)) return attributes;
  const inside = Object.entries(nested).filter(([name]) => isMember(name));
  const beside = Object.entries(nested).filter(([name]) => !isMember(name));
  return {
    ...Object.fromEntries(beside),
    ...members,
    ...(inside.length === 0 ? {} : { user_properties: Object.fromEntries(inside) }),
  };
}

function isMember(name: string): boolean {
  return USER_FIELDS.has(name) || name === "user_id";
}
