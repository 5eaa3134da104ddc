import { OptionError } from "@sortition/core";
import { stderrLogger } from "../../messages/logging.js";
import type { ExperimentUser } from "../user.js";

/** Fields of the old format that the SDKs for browsers fill. */
const FURTHER_FIELDS = "..........";

/**
 * Reads and writes the cookies in which the vendor's SDKs for browsers keep the ids of a user.
 *
 * The old format has fields between dots, of which the first is the device and the second the user, in
 * Base64. The new one (`newFormat`, Browser SDK 2) is URI-encoded JSON in Base64. Decode the value of a
 * cookie header (`decodeURIComponent`) first.
 *
 * @see docs/spec/amplitude.md
 */
// biome-ignore lint/complexity/noStaticOnlyClass: the vendor has these as static methods
export class AmplitudeCookie {
  /**
   * The name of the cookie of a project.
   *
   * @throws OptionError if the key is shorter than the part of it that the name contains.
   */
  static cookieName(amplitudeApiKey: string, newFormat = false): string {
    const [prefix, length] = newFormat ? ["AMP_", 10] : ["amp_", 6];
    if (typeof amplitudeApiKey !== "string" || amplitudeApiKey.length < length) {
      throw new OptionError("amplitudeApiKey", "Invalid Amplitude API Key");
    }
    return prefix + amplitudeApiKey.slice(0, length);
  }

  /**
   * Returns the ids that a cookie contains. A cookie of the new format that cannot be read gives `{}`, and one line on stderr.
   *
   * @throws TypeError if it is not a string.
   */
  static parse(amplitudeCookie: string, newFormat = false): ExperimentUser {
    return newFormat ? parseNew(amplitudeCookie) : parseOld(amplitudeCookie);
  }

  /** The value of a cookie for a device, which the SDKs for browsers then take over. */
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
    // What the cookie holds identifies a user: it is not shown.
    stderrLogger.error("[Experiment] the Amplitude cookie cannot be read");
    return {};
  }
}

/** Lenient: the URL alphabet and missing padding are accepted. */
function decodeBase64(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}
