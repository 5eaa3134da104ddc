import type { VariationMeta } from "../../wire.js";

/** A variation of an experiment. */
export interface Arm {
  /** Its key, else its index. */
  readonly key: string;
  readonly isPassthrough: boolean;
  readonly value: unknown;
}

/** The variations of an experiment. */
export interface Arms {
  readonly variations: readonly unknown[];
  /** `undefined` if the variations have no length: then no index is too large. */
  readonly count: number;
  readonly meta: readonly VariationMeta[] | null;
}

/** What the vendor makes of a variation. Any index is taken: one that is forced may be anything. */
function armAt(
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

/** The variation of an experiment. */
export function armOf({ meta, variations }: Arms, index: number): Arm {
  return armAt(variations, meta, index);
}

/** All variations. Those without a length, such as an object, have none. */
export function armsOf(experiment: Arms): readonly Arm[] {
  return Array.from({ length: experiment.count ?? 0 }, (_, i) => armOf(experiment, i));
}
