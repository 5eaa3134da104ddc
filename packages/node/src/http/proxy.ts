import { OptionError, type ReadersOf, requireMethods } from "@sortition/core/internal";
import type { Dispatcher } from "undici";
import { isUrl } from "./is-url.js";

/** How requests reach the network. */
export interface RouteOptions {
  /**
   * The proxy: its address (`http:` or `https:`, with user and password if required), or
   * `"environment"` to read `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (or their lower-case names)
   * at the first request. Cannot be combined with `dispatcher`. Default: no proxy, whatever the
   * environment says.
   */
  readonly proxy?: string | URL | undefined;
  /**
   * An undici dispatcher to use instead of the built-in agent, for example for mTLS. It is never
   * destroyed.
   */
  readonly dispatcher?: Dispatcher | undefined;
}

/** The checked form of the option `proxy`. */
export type ProxyAddress = "environment" | URL;

/** The route of requests, for messages. */
export type Route = ProxyAddress | "direct" | "dispatcher";

/** The checked form of {@link RouteOptions}. */
export interface ReadRoute {
  /** The proxy, or `null` for none. */
  readonly proxy: ProxyAddress | null;
  readonly dispatcher: Dispatcher | undefined;
}

export function routeReaders(): ReadersOf<ReadRoute> {
  return { proxy: readProxy, dispatcher: readDispatcher };
}

function readDispatcher(path: string, value: unknown): Dispatcher | undefined {
  requireMethods(path, value, ["dispatch"], ", such as new Agent() of undici");
  return value as Dispatcher | undefined;
}

/** @throws OptionError if both are given. */
export function routeOf({ proxy, dispatcher }: ReadRoute): Route {
  if (proxy === null) return dispatcher === undefined ? "direct" : "dispatcher";
  if (dispatcher === undefined) return proxy;
  throw new OptionError("proxy", "cannot be given together with dispatcher");
}

/**
 * Reads the option `proxy`.
 *
 * @throws OptionError without the address, which may contain a password.
 */
export function readProxy(path: string, proxy: unknown): ProxyAddress | null {
  if (proxy === undefined) return null;
  const address = proxy === "environment" ? proxy : proxyUrl(proxy);
  if (address === null) {
    const expected = `expected "environment" or the URL of a proxy, such as http://proxy.example:3128`;
    const isSocks = /^socks\w*:/i.test(String(proxy));
    throw new OptionError(path, isSocks ? `${expected}; for SOCKS pass a dispatcher` : expected);
  }
  if (address !== "environment" && address.href !== bareOf(address).href) {
    throw new OptionError(
      path,
      "has a path, a query or a fragment, which a proxy does not use: write only its scheme, host and port",
    );
  }
  return address;
}

/** Proxies set by the environment, or `""` for none. */
export interface EnvironmentProxies {
  readonly httpProxy: string;
  readonly httpsProxy: string;
}

/**
 * Reads `HTTP_PROXY` and `HTTPS_PROXY`. As in curl, lower-case names take precedence, an address
 * without a scheme is `http:`, and an empty value means no proxy. Without `HTTPS_PROXY`, `https:`
 * URLs use the proxy for `http:` URLs.
 *
 * @throws OptionError that names a variable that is not a URL, without its value.
 */
export function environmentProxies(
  environment: Readonly<Record<string, string | undefined>>,
): EnvironmentProxies {
  const addressIn = (name: string): string | undefined => {
    const value = (environment[name.toLowerCase()] ?? environment[name])?.trim();
    if (!value) return value;
    const url = proxyUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
    if (url === null) throw new OptionError("proxy", `${name} is not the URL of a proxy`);
    return bareOf(url).href; // curl ignores the path too
  };
  const httpProxy = addressIn("HTTP_PROXY") ?? "";
  return { httpProxy, httpsProxy: addressIn("HTTPS_PROXY") ?? httpProxy };
}

function proxyUrl(address: unknown): URL | null {
  if (typeof address !== "string" && !(address instanceof URL)) return null;
  const href = String(address);
  if (!isUrl(href)) return null;
  const url = new URL(href);
  return /^https?:$/.test(url.protocol) ? url : null;
}

/** Removes path, query and fragment. */
function bareOf(url: URL): URL {
  const bare = new URL(url);
  bare.pathname = "";
  bare.search = "";
  bare.hash = "";
  return bare;
}
