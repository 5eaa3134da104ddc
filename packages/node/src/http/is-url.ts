import { parseUrl } from "@sortition/core/internal";

/** As `URL.canParse`, which is not in the `URL` of jsdom, under which test suites run. */
export function isUrl(text: string): boolean {
  return parseUrl(text) !== null;
}
