/** The server of an address that a caller gives, for messages: no path, query or password, and also if it is no URL. */
export function serverOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : "the server";
}
