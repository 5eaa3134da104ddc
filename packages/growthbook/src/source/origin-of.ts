/** The server of an address, for messages: no path, query or password, and also if it is no URL. */
export function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return "the host";
  }
}
