import type { VariationMeta } from "../wire.js";

/** A variation of an experiment. */
export interface Arm {
  /** Its key, else its index. */
  readonly key: string;
  readonly isPassthrough: boolean;
  readonly value: unknown;
}

/** What the vendor makes of a variation. Any index is taken: one that is forced may be anything. */
export function armAt(
  variations: readonly unknown[],
  meta: readonly (VariationMeta | undefined)[] | null | undefined,
  index: number,
): Arm {
  const own = meta ? meta[index] : undefined;
  return {
    key: own?.key || `${index}`,
    isPassthrough: !!own?.passthrough,
    value: variations[index],
  };
}
