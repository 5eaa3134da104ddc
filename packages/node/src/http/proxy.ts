import { OptionError, requireMethods } from "@sortition/core/internal";
import type { Dispatcher } from "undici";
import { isUrl } from "./is-url.js";

/** How requests reach the network. */
export interface RouteOptions {
  /**
   * A proxy: its address (`http:` or `https:`, with user and password if it asks for them), or
   * `"environment"` for what `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` (or their names in lower case)
   * say at the first request. Not together with `dispatcher`. Default: none, whatever the environment
   * says.
   */
  readonly proxy?: string | URL | undefined;
  /** An undici dispatcher (mTLS, for instance) to use instead of our own agent. Borrowed: never destroyed. */
  readonly dispatcher?: Dispatcher | undefined;
}

/** The checked form of the option `proxy`. */
export type ProxyAddress = "environment" | URL;

/** Which way requests go, for messages. */
export type Route = ProxyAddress | "direct" | "dispatcher";

/** The checked form of {@link RouteOptions}. */
export interface CheckedRoute {
  readonly route: Route;
  /** `null` for none. */
  readonly proxy: ProxyAddress | null;
}

/**
 * Checks `proxy` and `dispatcher`.
 *
 * @throws OptionError naming the option, without the address: it may contain a password.
 */
export function checkedRoute({ proxy, dispatcher }: RouteOptions): CheckedRoute {
  requireMethods("dispatcher", dispatcher, ["dispatch"]);
  if (proxy === undefined) {
    return { route: dispatcher === undefined ? "direct" : "dispatcher", proxy: null };
  }
  if (dispatcher !== undefined) {
    throw new OptionError("proxy", "cannot be given together with dispatcher");
  }
  const address = proxy === "environment" ? proxy : proxyUrl(proxy);
  if (address === null) {
    const expected = `expected "environment" or a URL of a proxy, such as http://proxy.example:3128`;
    const isSocks = /^socks\w*:/i.test(String(proxy));
    throw new OptionError("proxy", isSocks ? `${expected}; for SOCKS give a dispatcher` : expected);
  }
  if (address !== "environment" && address.href !== bareOf(address).href) {
    throw new OptionError(
      "proxy",
      "has a path, a query or a fragment, which a proxy has no use for: write its scheme, host and port alone",
    );
  }
  return { route: address, proxy: address };
}

/** The proxies that the environment names, `""` for none. */
export interface EnvironmentProxies {
  readonly httpProxy: string;
  readonly httpsProxy: string;
}

/**
 * Reads `HTTP_PROXY` and `HTTPS_PROXY`. As with curl, names in lower case win, an address without a
 * scheme is `http:`, and an empty value stands for no proxy. `https:` URLs use the proxy for `http:` URLs if they
 * have no own.
 *
 * @throws OptionError naming the variable, without its value, if that is not a URL.
 */
export function environmentProxies(
  environment: Readonly<Record<string, string | undefined>>,
): EnvironmentProxies {
  const addressIn = (name: string): string | undefined => {
    const value = (environment[name.toLowerCase()] ?? environment[name])?.trim();
    if (!value) return value;
    const url = proxyUrl(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
    if (url === null) throw new OptionError("proxy", `${name} is not a URL of a proxy`);
    return bareOf(url).href; // curl ignores the rest, too
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

/** The address without path, query and fragment. */
function bareOf(url: URL): URL {
  const bare = new URL(url);
  bare.pathname = "";
  bare.search = "";
  bare.hash = "";
  return bare;
}
