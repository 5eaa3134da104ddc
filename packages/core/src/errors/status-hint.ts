/** What is said of a status that no change of the caller's would mend; `""` for others. */
export function serverFaultHint(status: number): string {
  return status >= 500 ? ": a fault of the server, or of a proxy before it" : "";
}
