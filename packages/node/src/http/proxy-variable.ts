import { isExemptAddress, noProxyOf } from "./no-proxy.js";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the name of the environment variable that sets the proxy for the URL in other programs,
 * or `null`.
 */
export function proxyVariable(url: URL, environment: Environment = process.env): string | null {
  const { hostname, protocol } = url;
  const noProxy = noProxyOf(environment);
  const exempt = noProxy.split(/[,\s]+/);
  const isExempt = exempt.some((name) => {
    const host = name.replace(/^\*?\./, "").replace(/:\d+$/, "");
    return name === "*" || (host !== "" && (hostname === host || hostname.endsWith(`.${host}`)));
  });
  if (isExempt || isExemptAddress(url, noProxy)) return null;
  const names = ["http_proxy", "HTTP_PROXY"];
  if (protocol === "https:") names.unshift("https_proxy", "HTTPS_PROXY");
  return names.find((name) => (environment[name] ?? "").trim() !== "") ?? null;
}
