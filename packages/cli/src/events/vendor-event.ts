import { isJsonObject, type JsonObject } from "../evaluate/request.js";

/** The dialect whose vendor's own SDK or export wrote a row in its own format; `null`: none that is known. */
export function vendorOf({ event, event_type: type, properties }: JsonObject): string | null {
  if (event === "$feature_flag_called") return "posthog";
  if (isJsonObject(properties) && Object.hasOwn(properties, "$feature_flag")) return "posthog";
  return type === "$exposure" || type === "[Experiment] Assignment" ? "amplitude" : null;
}
