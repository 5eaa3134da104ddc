import { isJsonObject } from "../../evaluate/request.js";
import {
  objectOf,
  type ReducedPayload,
  type ReductionInput,
  withDependencies,
} from "../reduction.js";

/** Datadog's flags do not depend on each other. The server's envelope is removed. */
export function reduceDatadog({ asked, root }: ReductionInput): ReducedPayload {
  const file = objectOf(root);
  const { data } = file;
  const inner = isJsonObject(data) ? data["attributes"] : undefined;
  const configuration = isJsonObject(inner) ? inner : file;
  const all = isJsonObject(configuration["flags"]) ? configuration["flags"] : {};
  const flags = withDependencies(new Map(Object.entries(all)), asked, () => []);
  return { parts: { flags: { ...configuration, flags: Object.fromEntries(flags) } }, flags };
}
