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
