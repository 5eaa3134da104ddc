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

/** The variation of an experiment. Variations without a length, such as an object, have no compiled arms. */
export function armOf(
  { arms, meta, variations }: Pick<CompiledExperiment, "arms" | "meta" | "variations">,
  index: number,
): Arm {
  return arms[index] ?? armAt(variations, meta, index);
}
