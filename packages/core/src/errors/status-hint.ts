/** Returns what else to check if a server at a given address refuses a key, which a relay also does for another environment. */
export function relayHint(addressOption: string): string {
  return ` If it is a relay, is the environment in ${addressOption} right?`;
}

/** Returns a hint for a status that is not caused by a wrong address or key, otherwise `""`. */
export function serverFaultHint(status: number): string {
  if (status === 429) return ": too many requests, ask less often";
  return status >= 500 ? ": a fault of the server, or of a proxy in front of it" : "";
}
