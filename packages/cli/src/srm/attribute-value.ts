import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/** The member of a user of Amplitude with the attributes that are its own. */
const NESTED = "user_properties";

/** The value of an attribute; `undefined`: there is none. */
export function attributeValue(attributes: JsonObject, name: string): unknown {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  const nested = attributes[NESTED];
  return isJsonObject(nested) && Object.hasOwn(nested, name) ? nested[name] : undefined;
}

/** The names that {@link attributeValue} takes. */
export function attributeNames(attributes: JsonObject): readonly string[] {
  const names = Object.keys(attributes);
  const nested = attributes[NESTED];
  return isJsonObject(nested) ? [...names, ...Object.keys(nested)] : names;
}
