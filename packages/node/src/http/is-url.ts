/** As `URL.canParse`, which is not in the `URL` of jsdom, under which test suites run. */
export function isUrl(text: string, base?: string): boolean {
  try {
    return Boolean(new URL(text, base));
  } catch {
    return false;
  }
}
