import { isJsonObject, type JsonObject } from "../../evaluate/request.js";

const KEY = ".key";

/**
 * Converts the columns of a table to a context of several kinds if they have the key of one, such as `org.key`. All columns
 * that belong to no kind are attributes of the user.
 */
export function contextOfColumns(attributes: JsonObject, key: string): JsonObject {
  if (Object.hasOwn(attributes, "kind")) return attributes;
  const kinds = Object.keys(attributes).flatMap((name) => {
    const kind = name.slice(0, -KEY.length);
    return name.endsWith(KEY) && isJsonObject(attributes[kind]) ? [kind] : [];
  });
  if (kinds.length === 0) return attributes;
  const contexts = Object.fromEntries(
    kinds.flatMap((kind): [string, JsonObject][] => {
      const own = attributes[kind] as JsonObject; // just checked
      // An empty cell of CSV: the subject has no such context.
      return own["key"] === "" ? [] : [[kind, { ...own, key: String(own["key"]) }]];
    }),
  );
  const others = Object.entries(attributes).filter(
    ([name]) => !kinds.some((kind) => name === kind || name.startsWith(`${kind}.`)),
  );
  const user = { ...Object.fromEntries(others), key, ...contexts["user"] };
  return { ...contexts, user, kind: "multi" };
}
