import { OptionError } from "@sortition/core";
import { stderrLogger } from "../../messages/logging.js";
import type { ExperimentUser } from "../user.js";

/** Fields of the old format that the browser SDKs fill. */
const FURTHER_FIELDS = "..........";

/**
 * Reads and writes the cookies in which the vendor's browser SDKs store a user's ids.
 *
 * The old format has fields separated by dots: the first is the device and the second the user, in
 * Base64. The new one (`newFormat`, Browser SDK 2) is URI-encoded JSON in Base64. Decode the value
 * of a cookie header with `decodeURIComponent` first.
 */
// biome-ignore lint/complexity/noStaticOnlyClass: the vendor has these as static methods
export class AmplitudeCookie {
  /**
   * Returns the name of a project's cookie.
   *
   * @throws OptionError if the key is shorter than the prefix that the name contains.
   */
  static cookieName(amplitudeApiKey: string, newFormat = false): string {
    const [prefix, length] = newFormat ? ["AMP_", 10] : ["amp_", 6];
    if (typeof amplitudeApiKey !== "string" || amplitudeApiKey.length < length) {
      throw new OptionError("amplitudeApiKey", "Invalid Amplitude API Key");
    }
    return prefix + amplitudeApiKey.slice(0, length);
  }

  /**
   * Returns the ids in a cookie. If a cookie of the new format cannot be read, returns `{}` and
   * logs one line to stderr.
   *
   * @throws TypeError if it is not a string.
   */
  static parse(amplitudeCookie: string, newFormat = false): ExperimentUser {
    return newFormat ? parseNew(amplitudeCookie) : parseOld(amplitudeCookie);
  }

  /** Returns the cookie value for a device, which the browser SDKs then adopt. */
  static generate(deviceId: string, newFormat = false): string {
    if (!newFormat) return deviceId + FURTHER_FIELDS;
    return Buffer.from(encodeURIComponent(JSON.stringify({ deviceId }))).toString("base64");
  }
}

function parseOld(cookie: string): ExperimentUser {
  const [device_id, userId] = cookie.split(".");
  return { device_id, user_id: userId ? decodeBase64(userId) : undefined };
}

function parseNew(cookie: string): ExperimentUser {
  const text = decodeBase64(cookie);
  try {
    const { deviceId, userId } = JSON.parse(decodeURIComponent(text));
    return { device_id: deviceId, user_id: userId };
  } catch {
    // The content of the cookie identifies a user, so it is not logged.
    stderrLogger.error("[Experiment] the Amplitude cookie cannot be read");
    return {};
  }
}

/** Lenient: accepts the URL alphabet and missing padding. */
function decodeBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
