import { messageOf } from "@sortition/core/source";
import type { Route } from "./proxy.js";
import { systemCodeOf } from "./system-code.js";

/** What a message about a request says, besides the server. */
export interface Asked {
  /** What the server should send. */
  readonly what: "answer" | "configuration";
  /** The option that has the server's address; `null`: the address is the vendor's. */
  readonly option: string | null;
  readonly route: Route;
  /** Name of the variable of the environment whose proxy is for the URL; `null` without one. */
  readonly variableOf?: (url: URL) => string | null;
}

/** Also a certificate of another host. */
const UNREACHABLE =
  /^E(NOTFOUND|AI_AGAIN|CONNREFUSED|TIMEDOUT|HOSTUNREACH|NETUNREACH|RR_TLS_CERT_A)/;

/** Why a request failed: the host, what the system says, and the way out. No path, query or password. */
export function networkMessage(cause: unknown, url: URL, asked: Asked): string {
  const { option, route, what } = asked;
  const { origin } = url;
  const code = systemCodeOf(cause);
  const text = `${code} ${messageOf(cause)}`;
  const refusal = /Proxy response \((\d+)/.exec(text)?.[1];
  const why = code === null ? "" : ` (${refusal ?? code})`;
  if (/wrong.version/i.test(text)) return `${origin} does not speak TLS${why}: write http://`;
  let [from, right] = [origin, option];
  if (refusal !== undefined || UNREACHABLE.test(text)) {
    const unused = unusedProxy(url, asked);
    if (unused !== null) return `no ${what} from ${from}${why}; ${unused}`;
    const proxy = route instanceof URL ? route.origin : asked.variableOf?.(url);
    if (typeof route !== "string" || (proxy && route === "environment"))
      [from, right] = [`the proxy ${proxy}`, "proxy"];
    return `no ${what} from ${from}${why}: is ${right === null ? "the network up" : `${right} right`}?`;
  }
  const isTrusted = !/^(?!ERR).*(CERT|LEAF)/.test(text);
  return `no ${what} from ${from}${why}${isTrusted ? "" : ": is its authority in NODE_EXTRA_CA_CERTS?"}`;
}

/** Says which proxy is not used; `null` without one. */
export function unusedProxy(url: URL, { route, variableOf }: Asked): string | null {
  const variable = route === "direct" && variableOf?.(url);
  return variable
    ? `${variable} is set but not used, unless the option proxy is "environment"`
    : null;
}
