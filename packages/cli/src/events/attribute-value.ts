import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/** The members that contain more attributes: the user properties of Amplitude, and the user among several contexts of LaunchDarkly. */
const NESTED = ["user_properties", "user"];

/** The value of an attribute, or of a path such as `org.plan`; `undefined` if there is none. */
export function attributeValue(attributes: JsonObject, name: string): unknown {
  const own = valueAt(attributes, name);
  if (own !== undefined) return own;
  for (const member of NESTED) {
    const object = attributes[member];
    const value = isJsonObject(object) ? valueAt(object, name) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

function valueAt(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name];
  const dot = name.indexOf(".");
  const inner = dot === -1 ? undefined : object[name.slice(0, dot)];
  return isJsonObject(inner) ? valueAt(inner, name.slice(dot + 1)) : undefined;
}

/** Names for which {@link attributeValue} returns a value, without paths. */
export function attributeNames(attributes: JsonObject): readonly string[] {
  const members = NESTED.map((it) => attributes[it]).filter(isJsonObject);
  return [attributes, ...members].flatMap(Object.keys);
}
