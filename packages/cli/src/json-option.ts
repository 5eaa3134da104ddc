import { UsageError } from "./errors.js";
import { isJsonObject, type JsonObject } from "./evaluate/request.js";

/**
 * Reads the value of an option as JSON.
 *
 * @param example - a valid value, for the message.
 * @throws UsageError that names the option.
 */
export function readJson(option: string, text: string, example = '{"country":"DK"}'): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${option}: invalid JSON. Quote it for the shell, e.g. '${example}'`);
  }
}

/**
 * Reads the value of an option as a JSON object.
 *
 * @param example - a valid value, for the message.
 * @throws UsageError that names the option.
 */
export function readJsonObject(option: string, text: string, example: string): JsonObject {
  const value = readJson(option, text, example);
  if (isJsonObject(value)) return value;
  throw new UsageError(`${option}: expected a JSON object such as '${example}'`);
}
