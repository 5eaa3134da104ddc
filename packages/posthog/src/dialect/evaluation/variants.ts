/** A variant, and the upper bound of its range of hashes. */
export interface Variant {
  /** As received. A string, unless the definition is malformed. */
  readonly key: unknown;
  /** Upper bound, exclusive. Ranges start at 0 and follow each other. A variant with NaN is never chosen. */
  readonly end: number;
}

interface VariantWire {
  readonly key?: unknown;
  readonly rollout_percentage?: unknown;
}

/**
 * Reads the variants of a flag. Shares are added as doubles, as in the vendor's SDK.
 *
 * @returns `null` if they are not a list of objects. The flag then fails when a variant is needed.
 */
export function readVariants(multivariate: unknown): readonly Variant[] | null {
  const variants =
    (multivariate as { readonly variants?: unknown } | null | undefined)?.variants || [];
  if (!Array.isArray(variants) || variants.includes(null)) return null;
  let end = 0;
  return variants.map((wire: VariantWire) => {
    end += Number(wire.rollout_percentage) / 100;
    return { key: wire.key, end };
  });
}

/** Returns the key of the first variant whose range contains the hash, or `undefined`. */
export function variantAt(variants: readonly Variant[] | null, hash: number): unknown {
  const all = usable(variants);
  let start = 0;
  for (let i = 0; i < all.length; i++) {
    const { end, key } = all[i] as Variant; // i < length
    if (start <= hash && hash < end) return key;
    start = end;
  }
  return undefined;
}

export function hasVariant(variants: readonly Variant[] | null, key: unknown): boolean {
  return usable(variants).some((variant) => variant.key === key);
}

/**
 * Returns the variants.
 *
 * @throws TypeError if the vendor's SDK cannot read them.
 */
function usable(variants: readonly Variant[] | null): readonly Variant[] {
  if (variants === null) throw new TypeError("the variants are malformed");
  return variants;
}
