import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/** The member of an Amplitude user that contains custom attributes. */
const NESTED = "user_properties";

/** The value of an attribute, or `undefined` if there is none. */
export function attributeValue(attributes: JsonObject, name: string): unknown {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  const nested = attributes[NESTED];
  return isJsonObject(nested) && Object.hasOwn(nested, name) ? nested[name] : undefined;
}

/** Names for which {@link attributeValue} returns a value. */
export function attributeNames(attributes: JsonObject): readonly string[] {
  const names = Object.keys(attributes);
  const nested = attributes[NESTED];
  return isJsonObject(nested) ? [...names, ...Object.keys(nested)] : names;
}
