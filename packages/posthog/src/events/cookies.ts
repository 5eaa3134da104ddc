import { decoded } from "../exceptions/frame-names.js";
import { uuidv7 } from "./fields/uuid-v7.js";

/** Cookies by name, such as the cookies of a Next.js request. */
export interface CookieStore {
  /** Returns the cookie, or `undefined` if there is none. */
  get(name: string): { value: string } | undefined;
}

/** Content of the cookie that PostHog's browser library sets. */
export interface PostHogCookieState {
  distinctId: string;
  isIdentified: boolean;
  sessionId?: string | undefined;
  /** Epoch ms. */
  sessionLastActivityTimestamp?: number | undefined;
  /** Epoch ms. */
  sessionStartTimestamp?: number | undefined;
  deviceId?: string | undefined;
}

/** Reads the header `Cookie` of a request. */
export function cookieStoreFromHeader(cookieHeader: string): CookieStore {
  const cookies = new Map<string, string>();
  for (const pair of (cookieHeader || "").split(";")) {
    const [name = "", ...parts] = pair.trim().split("=");
    if (name !== "") cookies.set(name.trim(), decoded(parts.join("=").trim()));
  }
  return {
    get(name) {
      const value = cookies.get(name);
      return value === undefined ? undefined : { value };
    },
  };
}

/** Returns the name of the cookie that the browser library sets for a project. */
export function getPostHogCookieName(apiKey: string): string {
  const key = apiKey.replace(/\+/g, "PL").replace(/\//g, "SL").replace(/=/g, "EQ");
  return `ph_${key}_posthog`;
}

/** Creates the cookie of a new visitor, which the browser library will use. */
export function serializePostHogCookie(anonymousId: string): string {
  const nowMs = Date.now();
  return JSON.stringify({
    distinct_id: anonymousId,
    $device_id: anonymousId,
    $user_state: "anonymous",
    $sesid: [nowMs, uuidv7(), nowMs],
  });
}

/** Reads the identity of a visitor. Returns `null` if there is no such cookie or it is empty. */
export function readPostHogCookie(cookies: CookieStore, apiKey: string): PostHogCookieState | null {
  const cookie = cookies.get(getPostHogCookieName(apiKey));
  return cookie ? parsePostHogCookie(cookie.value) : null;
}

/** Parses the value of the cookie. Returns `null` if it is invalid. */
export function parsePostHogCookie(cookieValue: string): PostHogCookieState | null {
  const parsed = recordOf(cookieValue);
  if (!parsed?.["distinct_id"]) return null;
  const { $device_id: deviceId, $sesid, $user_state } = parsed;
  const [lastActivity, sessionId, start] = Array.isArray($sesid) ? $sesid : [];
  return {
    distinctId: String(parsed["distinct_id"]),
    isIdentified: $user_state === "identified",
    sessionId: stringOr(sessionId),
    sessionLastActivityTimestamp: timeOr(lastActivity),
    sessionStartTimestamp: timeOr(start),
    deviceId: stringOr(deviceId),
  };
}

/** Returns event properties for the session, or `undefined` if there are none. */
export function cookieStateToProperties(
  state: PostHogCookieState | null,
): Record<string, string> | undefined {
  const { deviceId, sessionId } = state ?? {};
  if (!sessionId && !deviceId) return undefined;
  return {
    ...(sessionId ? { $session_id: sessionId } : {}),
    ...(deviceId ? { $device_id: deviceId } : {}),
  };
}

/** How the cookies of a request are read. */
export interface CookieOptions {
  /** Idle timeout of browser sessions, from 60 to 36,000. Default: 1,800. */
  sessionIdleTimeoutSeconds?: number | undefined;
  /** If `true`, a visitor without a consent cookie has not consented. Default: `false`. */
  optOutCapturingByDefault?: boolean | undefined;
}

const SESSION_MAX_MS = 86_400_000;

/**
 * Returns person and session of a request according to its cookies. The person must be identified, and the session must
 * not have expired.
 */
export function identityOfCookies(
  header: unknown,
  apiKey: string,
  options: CookieOptions,
): { readonly distinctId?: unknown; readonly sessionId?: unknown } {
  if (typeof header !== "string") return {};
  // The first of several cookies with the same name is used.
  const cookies = cookieStoreFromHeader(header.split(";").reverse().join(";"));
  const consent = cookies.get(`__ph_opt_in_out_${apiKey}`)?.value ?? "";
  const isOut =
    options.optOutCapturingByDefault === true && !["true", "1", "yes"].includes(consent);
  if (isOut || ["false", "0", "no"].includes(consent)) return {};
  const data = recordOf(cookies.get(getPostHogCookieName(apiKey))?.value);
  if (data === null) return {};
  const { $sesid, $user_state, distinct_id: distinctId } = data;
  const person = $user_state === "identified" ? { distinctId } : {};
  if (!Array.isArray($sesid) || ![2, 3].includes($sesid.length)) return person;
  const [lastActivity, sessionId, start = lastActivity] = $sesid;
  const isLive = isRecent(lastActivity, idleMsOf(options)) && isRecent(start, SESSION_MAX_MS);
  return isLive ? { ...person, sessionId } : person;
}

function idleMsOf({ sessionIdleTimeoutSeconds: seconds }: CookieOptions): number {
  const isGiven = typeof seconds === "number" && Number.isFinite(seconds) && seconds !== 0;
  return isGiven ? 1_000 * Math.min(Math.max(seconds, 60), 36_000) : 1_800_000;
}

function isRecent(timestamp: unknown, maxAgeMs: number): boolean {
  return timeOr(timestamp) !== undefined && Math.abs(Date.now() - Number(timestamp)) <= maxAgeMs;
}

function recordOf(text: string | undefined): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text || "null");
    return typeof value === "object" ? (value as Readonly<Record<string, unknown>> | null) : null;
  } catch {
    return null;
  }
}

function stringOr(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function timeOr(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}
