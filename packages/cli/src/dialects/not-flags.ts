import { isJsonObject } from "../evaluate/request.js";
import { REST_LISTS, recognizeDialect } from "./recognize.js";

/** Describes a file that has no flags but is known, and what to pass instead. `null`: it may have flags. */
export function notFlags(root: unknown): string | null {
  if (!isJsonObject(root)) return null;
  const list = REST_LISTS.find(([member]) => Array.isArray(root[member]));
  if (list !== undefined && !Object.hasOwn(root, "flags")) {
    const [, vendor, instead] = list;
    return `is a list from ${vendor}'s REST API, not the payload that SDKs read: pass the response of ${instead}`;
  }
  if (recognizeDialect(root) !== null) return null;
  if (isJsonObject(root["bandits"])) {
    return "has bandit models, not flags. Commands that use models take them as --bandits FILE, together with the flags";
  }
  if (Object.hasOwn(root, "featureFlag")) {
    return "has exposures, not flags: to check them, write sortition replay FILE --config flags.json";
  }
  const { error, errors, message } = root;
  const isError = typeof message === "string" || error !== undefined || Array.isArray(errors);
  return isError && !Object.hasOwn(root, "flags") && !Object.hasOwn(root, "data")
    ? "is an error that a server returned, not flags: request them again, with the key of the right environment"
    : null;
}
