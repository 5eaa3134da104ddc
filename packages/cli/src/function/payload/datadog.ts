import { isJsonObject, type JsonObject } from "../../evaluate/request.js";
import { type ReducedPayload, withDependencies } from "./reduction.js";

/** Datadog's flags do not depend on each other. The server's envelope is removed. */
export function reduceDatadog(root: JsonObject, asked: readonly string[]): ReducedPayload {
  const { data } = root;
  const inner = isJsonObject(data) ? data["attributes"] : undefined;
  const configuration = isJsonObject(inner) ? inner : root;
  const all = isJsonObject(configuration["flags"]) ? configuration["flags"] : {};
  const flags = withDependencies(new Map(Object.entries(all)), asked, () => []);
  return { parts: { flags: { ...configuration, flags: Object.fromEntries(flags) } }, flags };
}
