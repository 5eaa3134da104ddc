import { parseUrl } from "@sortition/core/internal";

/** Like `URL.canParse`, which jsdom's `URL` does not have. Test suites run under jsdom. */
export function isUrl(text: string): boolean {
  return parseUrl(text) !== null;
}
