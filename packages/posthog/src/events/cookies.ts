import { uuidv7 } from "./fields/uuid-v7.js";

/** Cookies by name, for example the cookies of a Next request. */
export interface CookieStore {
  /** `undefined`: there is no such cookie. */
  get(name: string): { value: string } | undefined;
}

/** Content of the browser library's cookie. */
export interface PostHogCookieState {
  distinctId: string;
  isIdentified: boolean;
  sessionId?: string | undefined;
  /** Of the session, epoch ms. */
  sessionLastActivityTimestamp?: number | undefined;
  /** Of the session, epoch ms. */
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

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Name of the cookie that the browser's library writes for a project. */
export function getPostHogCookieName(apiKey: string): string {
  const key = apiKey.replace(/\+/g, "PL").replace(/\//g, "SL").replace(/=/g, "EQ");
  return `ph_${key}_posthog`;
}

/** The cookie of a visitor who is not known yet, for the browser's library to go on with. */
export function serializePostHogCookie(anonymousId: string): string {
  const nowMs = Date.now();
  return JSON.stringify({
    distinct_id: anonymousId,
    $device_id: anonymousId,
    $user_state: "anonymous",
    $sesid: [nowMs, uuidv7(), nowMs],
  });
}

/** Reads the identity of a visitor; `null`: there is no such cookie, or nothing in it. */
export function readPostHogCookie(cookies: CookieStore, apiKey: string): PostHogCookieState | null {
  const cookie = cookies.get(getPostHogCookieName(apiKey));
  return cookie ? parsePostHogCookie(cookie.value) : null;
}

/** Reads the value of the cookie; `null`: it is not one. */
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

/** Properties of an event that belongs to the session; `undefined`: none. */
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
  /** Idle time of the browser's sessions. Default: 1,800, at least 60, at most 36,000. */
  sessionIdleTimeoutSeconds?: number | undefined;
  /** Whether a visitor without a cookie of consent has not consented. Default: false. */
  optOutCapturingByDefault?: boolean | undefined;
}

const SESSION_MAX_MS = 86_400_000;

/** Person and session of a request by its cookies: only of who is identified, and while the session lasts. */
export function identityOfCookies(
  header: unknown,
  apiKey: string,
  options: CookieOptions,
): { readonly distinctId?: unknown; readonly sessionId?: unknown } {
  if (typeof header !== "string") return {};
  // The first of several cookies of one name counts.
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
