import { GrowthBook } from "../client/growthbook.js";
import type { Plugin } from "../client/instance-options.js";
import { UserScopedGrowthBook } from "../client/user-scoped.js";
import type { VendorAny } from "../dialect/vendor-any.js";
import type { Attributes, LogUnion } from "../events/callbacks.js";
import { Reports } from "../messages/reports.js";
import type { FeatureApiResponse } from "../model/payload.js";

/** What GrowthBook's DevTools override. */
export type DevtoolsState = {
  attributes?: Record<string, VendorAny> | undefined;
  features?: Record<string, VendorAny> | undefined;
  experiments?: Record<string, number> | undefined;
};

/** Cookies of a server component of Next.js. */
export interface NextjsReadonlyRequestCookiesCompat {
  /** The cookie of that name. */
  get: (name: string) => { name: string; value: string } | undefined;
}

/** A request of Next.js. */
export interface NextjsRequestCompat {
  nextUrl: { searchParams: URLSearchParams };
  cookies: NextjsReadonlyRequestCookiesCompat;
}

/** A request of Express with `cookie-parser`. */
export interface ExpressRequestCompat {
  cookies: Record<string, string | string[]>;
  query: Record<string, string>;
  [key: string]: unknown;
}

/** Facts of an instance for DevTools. */
export type SdkInfo = {
  apiHost: string;
  clientKey: string;
  source?: string | undefined;
  version?: string | undefined;
  payload?: FeatureApiResponse | undefined;
  attributes?: Attributes | undefined;
};

/** What DevTools show of an instance. */
export type LogEvent = { logs: LogUnion[]; sdkInfo?: SdkInfo | undefined };

/** Name of the query parameter, and of the cookie. */
const PARAMETER = "_gbdebug";

/** Applies overrides of DevTools from a request of Next.js, if `enableDevMode` is on. */
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

/** Quirk: beside a `URLSearchParams`, the cookies are not read (growthbook). */
function textIn(
  parameters: { _gbdebug?: string } | URLSearchParams | undefined,
  cookies: NextjsReadonlyRequestCookiesCompat | undefined,
): string | undefined {
  if (parameters instanceof URLSearchParams) return parameters.get(PARAMETER) ?? undefined;
  return parameters?._gbdebug ?? cookies?.get(PARAMETER)?.value;
}

/** Applies overrides of DevTools from a request of Express, if `enableDevMode` is on. */
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

/** What DevTools show of an instance; `null` unless `enableDevMode` is on. */
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

/** A script for a page that hands the events to DevTools; empty unless `enableDevMode` is on. */
export function getDebugScriptContents(gb: GrowthBook, source?: string): string {
  const event = getDebugEvent(gb, source);
  if (event === null) return "";
  // `<` would end the script element that contains it.
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
    new Reports(undefined).error("cannot parse the state of DevTools", cause);
    return {};
  }
}

function isObject<T>(value: T): value is T & object {
  return typeof value === "object" && value !== null;
}
