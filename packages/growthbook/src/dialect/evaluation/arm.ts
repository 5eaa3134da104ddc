import type { VariationMeta } from "../wire.js";
import type { CompiledExperiment } from "./experiment.js";

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

/** The variation of an experiment. */
export function armOf({ meta, variations }: CompiledExperiment, index: number): Arm {
  return armAt(variations, meta, index);
}

/** All variations. Those without a length, such as an object, have none. */
export function armsOf(experiment: CompiledExperiment): readonly Arm[] {
  return Array.from({ length: experiment.count ?? 0 }, (_, i) => armOf(experiment, i));
}
