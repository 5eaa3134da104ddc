import { type Failure, NetworkError, TimeoutError } from "@sortition/core/source";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A failure to reach a server, in words that name the proxy of the environment, which is not used unless
 * an option says so. Any other failure as it is.
 *
 * @param isDirect - whether neither `proxy` nor `dispatcher` was given.
 */
export function withProxyHint(
  failure: Failure,
  url: string,
  isDirect: boolean,
  environment: Environment,
): Failure {
  const { error } = failure;
  if (!isDirect) return failure;
  const variable = proxyVariable(url, environment);
  if (variable === null) return failure;
  const hint = `${variable} is set but not used, unless the option proxy is "environment"`;
  if (error instanceof TimeoutError) {
    return { ...failure, error: new TimeoutError(error.phase, error.timeoutMs, hint) };
  }
  if (!(error instanceof NetworkError)) return failure;
  return { ...failure, error: new NetworkError(`${error.message}; ${hint}`, error.cause) };
}

/** Name of the variable whose proxy other programs would use for the URL; `null` without one. */
function proxyVariable(url: string, environment: Environment): string | null {
  const { hostname, protocol } = new URL(url);
  const exempt = (environment["no_proxy"] ?? environment["NO_PROXY"] ?? "").split(/[,\s]+/);
  const isExempt = exempt.some((name) => {
    const host = name.replace(/^\*?\./, "").replace(/:\d+$/, "");
    return name === "*" || (host !== "" && (hostname === host || hostname.endsWith(`.${host}`)));
  });
  if (isExempt) return null;
  const names =
    protocol === "https:"
      ? ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"]
      : ["http_proxy", "HTTP_PROXY"];
  return names.find((name) => (environment[name] ?? "").trim() !== "") ?? null;
}
