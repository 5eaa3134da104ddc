/**
 * Returns the variation that the query string of a URL forces, e.g. `?my-experiment=1`, or `null`.
 *
 * Quirk: only the first pair with the key is used, nothing is decoded, and other characters may follow the number
 * (growthbook).
 */
export function getQueryStringOverride(
  id: string,
  url: string,
  numVariations: number,
): number | null {
  const search = url.split("?")[1];
  if (!search) return null;
  for (const pair of search.replace(/#.*/, "").split("&")) {
    const [key, value] = pair.split("=", 2);
    if (key !== id) continue;
    // Quirk: parsed without a radix, so that "0x1" is 1 (growthbook). `undefined` results in `NaN`.
    // biome-ignore lint/correctness/useParseIntRadix: see above
    const index = Number.parseInt(value as string);
    return index >= 0 && index < numVariations ? index : null;
  }
  return null;
}
