/** What is said of a status that is no mistake in an address or key; `""` for others. */
export function serverFaultHint(status: number): string {
  if (status === 429) return ": too many requests, ask less often";
  return status >= 500 ? ": a fault of the server, or of a proxy before it" : "";
}
