declare const process: { readonly env: { readonly NODE_ENV?: string } };

const reported = /* @__PURE__ */ new Set<string>();

/**
 * Reports a mistake that would go unnoticed, once in development. Bundlers for production remove it.
 *
 * @param find - returns the report, or something falsy.
 */
export function reportMistake(find: () => unknown): void {
  try {
    // Bundlers replace this expression. In a page without a bundler, it throws.
    if (process.env.NODE_ENV !== "production") {
      const mistake = find();
      if (typeof mistake !== "string" || mistake === "" || reported.has(mistake)) return;
      reported.add(mistake);
      console.warn(`@sortition/web: ${mistake}`);
    }
  } catch {}
}

/**
 * Reports a flag that the snapshot does not contain. In a test, whose URL is empty, other flags return their default, so that
 * only a misspelled one is reported. Apart from {@link reportMistake}, so that pages in production do not contain the text.
 */
export function reportUnknown(flagKey: string, values: object, url: string): void {
  try {
    if (process.env.NODE_ENV !== "production") {
      const keys = Object.keys(values);
      if (keys.includes(flagKey)) return;
      const given = keys.find((it) => isMisspelled(it, flagKey));
      reportMistake(() =>
        url === ""
          ? given && `<TestFlags> has "${given}", but no "${flagKey}": is one misspelled?`
          : `the snapshot has no flag "${flagKey}", only ${keys.join(", ")}: add it to the call of snapshot`,
      );
    }
  } catch {}
}

/** Whether one name has one or two characters more at one place, or two swapped. Names that only differ in one, such as `v1` and `v2`, are other names. */
function isMisspelled(a: string, b: string): boolean {
  const [longer, shorter] = a.length > b.length ? [a, b] : [b, a];
  let start = 0;
  while (start < shorter.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const extra = longer.slice(start, longer.length - end);
  const lacking = shorter.slice(start, shorter.length - end);
  const isSwap = extra.length === 2 && extra === [...lacking].reverse().join("");
  return start + end > 2 && (isSwap || (lacking === "" && extra.length <= 2));
}
