import { isJsonObject } from "../evaluate/request.js";
import { recognizeDialect } from "./recognize.js";

/** Describes a file that has no flags but is known, and what to pass instead. `null`: it may have flags. */
export function notFlags(root: unknown): string | null {
  if (!isJsonObject(root) || recognizeDialect(root) !== null) return null;
  if (isJsonObject(root["bandits"])) {
    return "has bandit models, not flags. Commands that use models take them as --bandits FILE, together with the flags";
  }
  if (Object.hasOwn(root, "featureFlag")) {
    return "has exposures, not flags: to check them, write sortition replay FILE --config flags.json";
  }
  if (Array.isArray(root["items"])) {
    return "is a list of LaunchDarkly's REST API, without the rules that SDKs read: pass the response of https://sdk.launchdarkly.com/sdk/latest-all, requested with the SDK key";
  }
  const { error, errors, message } = root;
  const isError = typeof message === "string" || error !== undefined || Array.isArray(errors);
  return isError && !Object.hasOwn(root, "flags") && !Object.hasOwn(root, "data")
    ? "is an error that a server returned, not flags: request them again, with the key of the right environment"
    : null;
}
