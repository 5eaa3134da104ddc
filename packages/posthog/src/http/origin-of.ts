/** Returns the server of an address for messages, without path, query or password. Accepts any string. */
export function originOf(url: string): string {
  try {
    return new URL(url).origin;
  } catch {
    return "the host";
  }
}
