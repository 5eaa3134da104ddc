import type { VariationMeta } from "../../wire.js";

/** A variation of an experiment. */
export interface Arm {
  /** The variation's key, or its index if it has none. */
  readonly key: string;
  readonly isPassthrough: boolean;
  readonly value: unknown;
}

/** The variations of an experiment. */
export interface Arms {
  readonly variations: readonly unknown[];
  /** `undefined` if the variations have no length. No index is too large then. */
  readonly count: number;
  readonly meta: readonly VariationMeta[] | null;
}

/** Describes a variation as the vendor does. A forced index may be any value. */
export function armOf({ meta, variations }: Arms, index: number): Arm {
  const own = meta ? meta[index] : undefined;
  return {
    key: own?.key || `${index}`,
    isPassthrough: !!own?.passthrough,
    value: variations[index],
  };
}

/** Returns all variations. A value without a length, such as an object, has none. */
export function armsOf(experiment: Arms): readonly Arm[] {
  return Array.from({ length: experiment.count ?? 0 }, (_, i) => armOf(experiment, i));
}
