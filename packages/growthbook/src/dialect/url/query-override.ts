/**
 * The variation that the query of a URL forces, e.g. `?my-experiment=1`; `null` if it forces none.
 *
 * Quirk: only the first pair of the key counts, nothing is decoded, and the number may be followed by other
 * characters (growthbook).
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
    // Quirk: without a radix, so that "0x1" is 1 (growthbook). `undefined` is not a number.
    // biome-ignore lint/correctness/useParseIntRadix: see above
    const index = Number.parseInt(value as string);
    return index >= 0 && index < numVariations ? index : null;
  }
  return null;
}
