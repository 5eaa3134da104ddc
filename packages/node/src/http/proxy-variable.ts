type Environment = Readonly<Record<string, string | undefined>>;

/** Name of the variable whose proxy other programs would use for the URL; `null` without one. */
export function proxyVariable(
  { hostname, protocol }: URL,
  environment: Environment = process.env,
): string | null {
  const exempt = (environment["no_proxy"] ?? environment["NO_PROXY"] ?? "").split(/[,\s]+/);
  const isExempt = exempt.some((name) => {
    const host = name.replace(/^\*?\./, "").replace(/:\d+$/, "");
    return name === "*" || (host !== "" && (hostname === host || hostname.endsWith(`.${host}`)));
  });
  if (isExempt) return null;
  const names = ["http_proxy", "HTTP_PROXY"];
  if (protocol === "https:") names.unshift("https_proxy", "HTTPS_PROXY");
  return names.find((name) => (environment[name] ?? "").trim() !== "") ?? null;
}
