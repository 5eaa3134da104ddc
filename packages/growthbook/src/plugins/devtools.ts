import { GrowthBook } from "../client/growthbook.js";
import type { Plugin } from "../client/instance-options.js";
import { UserScopedGrowthBook } from "../client/user-scoped.js";
import type { VendorAny } from "../dialect/vendor-any.js";
import type { Attributes, LogUnion } from "../events/callbacks.js";
import { Reports } from "../messages/reports.js";
import type { FeatureApiResponse } from "../model/payload.js";

/** Overrides set in GrowthBook's DevTools. */
export type DevtoolsState = {
  attributes?: Record<string, VendorAny> | undefined;
  features?: Record<string, VendorAny> | undefined;
  experiments?: Record<string, number> | undefined;
};

/** Cookies in a server component of Next.js. */
export interface NextjsReadonlyRequestCookiesCompat {
  /** Returns the cookie with this name. */
  get: (name: string) => { name: string; value: string } | undefined;
}

/** A Next.js request. */
export interface NextjsRequestCompat {
  nextUrl: { searchParams: URLSearchParams };
  cookies: NextjsReadonlyRequestCookiesCompat;
}

/** An Express request with `cookie-parser`. */
export interface ExpressRequestCompat {
  cookies: Record<string, string | string[]>;
  query: Record<string, string>;
  [key: string]: unknown;
}

/** Information about an instance for DevTools. */
export type SdkInfo = {
  apiHost: string;
  clientKey: string;
  source?: string | undefined;
  version?: string | undefined;
  payload?: FeatureApiResponse | undefined;
  attributes?: Attributes | undefined;
};

/** The data about an instance that DevTools display. */
export type LogEvent = { logs: LogUnion[]; sdkInfo?: SdkInfo | undefined };

/** Name of both the query parameter and the cookie. */
const PARAMETER = "_gbdebug";

/** Applies DevTools overrides from a Next.js request if `enableDevMode` is on. */
export function devtoolsNextjsPlugin(options: {
  searchParams?: { _gbdebug?: string } | undefined;
  requestCookies?: NextjsReadonlyRequestCookiesCompat | undefined;
  request?: NextjsRequestCompat | undefined;
}): Plugin {
  const { searchParams, requestCookies, request } = options;
  return (gb) => {
    const own = textIn(searchParams, requestCookies);
    applyState(own || textIn(request?.nextUrl.searchParams, request?.cookies), gb);
  };
}

/** Quirk: cookies are not read if a `URLSearchParams` is passed (growthbook). */
function textIn(
  parameters: { _gbdebug?: string } | URLSearchParams | undefined,
  cookies: NextjsReadonlyRequestCookiesCompat | undefined,
): string | undefined {
  if (parameters instanceof URLSearchParams) return parameters.get(PARAMETER) ?? undefined;
  return parameters?._gbdebug ?? cookies?.get(PARAMETER)?.value;
}

/** Applies DevTools overrides from an Express request if `enableDevMode` is on. */
export function devtoolsExpressPlugin(options: {
  request?: ExpressRequestCompat | undefined;
}): Plugin {
  const { request } = options;
  return (gb) => {
    const text = stringOrNone(request?.query?.[PARAMETER]);
    applyState(text || stringOrNone(request?.cookies?.[PARAMETER]), gb);
  };
}

function stringOrNone(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Returns the data about an instance that DevTools display, or `null` unless `enableDevMode` is on. */
export function getDebugEvent(
  gb: GrowthBook | UserScopedGrowthBook,
  source?: string,
): LogEvent | null {
  if (!("logs" in gb) || !gb.inDevMode()) return null;
  const isInstance = gb instanceof GrowthBook;
  if (!isInstance && !(gb instanceof UserScopedGrowthBook)) return null;
  const [apiHost, clientKey] = gb.getApiInfo();
  const version = isInstance ? gb.version : gb.getVersion();
  const payload = gb.getDecryptedPayload();
  const attributes = isInstance ? gb.getAttributes() : attributesOf(gb);
  return { logs: gb.logs, sdkInfo: { apiHost, clientKey, source, version, payload, attributes } };
}

function attributesOf(gb: UserScopedGrowthBook): Attributes {
  const { attributes, attributeOverrides } = gb.getUserContext();
  return { ...attributes, ...attributeOverrides };
}

/** Returns a script for a page that passes the events to DevTools. Empty unless `enableDevMode` is on. */
export function getDebugScriptContents(gb: GrowthBook, source?: string): string {
  const event = getDebugEvent(gb, source);
  if (event === null) return "";
  // `</` would end the script element.
  const json = JSON.stringify(event).replaceAll("<", "\\u003c");
  return `(window._gbdebugEvents = (window._gbdebugEvents || [])).push(${json});`;
}

function applyState(text: string | undefined, gb: Parameters<Plugin>[0]): void {
  if ("createScopedInstance" in gb) {
    throw new Error("devtoolsPlugin can only be set on a user-scoped instance");
  }
  if (!text || !gb.inDevMode()) return;
  const { attributes, features, experiments } = parseState(text);
  if (isObject(attributes)) void gb.setAttributeOverrides(attributes);
  if (isObject(features)) gb.setForcedFeatures(new Map(Object.entries(features)));
  if (isObject(experiments)) void gb.setForcedVariations(experiments);
}

function parseState(text: string): DevtoolsState {
  try {
    // Each member is checked where it is used.
    return Object(JSON.parse(text)) as DevtoolsState;
  } catch (cause) {
    new Reports(undefined).error("cannot parse the DevTools state", cause);
    return {};
  }
}

function isObject<T>(value: T): value is T & object {
  return typeof value === "object" && value !== null;
}
