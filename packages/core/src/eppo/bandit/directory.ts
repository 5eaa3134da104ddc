import type { Bandits, CompiledBandit } from "../../model/bandit.js";
import type { BanditModels } from "./decode.js";
import { addBanditStep } from "./details.js";
import { createBandit } from "./evaluate.js";
import type { BanditReference } from "./wire.js";

interface FlagBandits {
  readonly first: string;
  /** Bandit keys by the value of the variation. The first reference wins. */
  readonly byValue: Map<unknown, string>;
}

/** The bandits of a configuration, by flag and variation. Models are compiled on first use. */
export class BanditDirectory implements Bandits {
  readonly keys: ReadonlySet<string>;
  readonly addToDetails: typeof addBanditStep = addBanditStep;
  readonly #byFlag = new Map<string, FlagBandits>();
  readonly #models: BanditModels;
  readonly #compiled = new Map<string, CompiledBandit>();

  constructor(references: readonly BanditReference[], models: BanditModels) {
    this.keys = new Set(models.models.keys());
    this.#models = models;
    for (const { flagVariations } of references) {
      for (const { key, flagKey, variationValue } of flagVariations) {
        const known = this.#byFlag.get(flagKey);
        const bandits = known ?? { first: key, byValue: new Map() };
        if (known === undefined) this.#byFlag.set(flagKey, bandits);
        if (!bandits.byValue.has(variationValue)) bandits.byValue.set(variationValue, key);
      }
    }
  }

  /** Returns the bandit behind a variation, or `null` if there is none or it has no model. */
  behind(flagKey: string, variationValue: unknown): CompiledBandit | null {
    const banditKey = this.#byFlag.get(flagKey)?.byValue.get(variationValue);
    return banditKey === undefined ? null : this.#bandit(banditKey);
  }

  /** Returns the first bandit that the flag refers to. */
  first(flagKey: string): CompiledBandit | null {
    const bandits = this.#byFlag.get(flagKey);
    return bandits === undefined ? null : this.#bandit(bandits.first);
  }

  #bandit(banditKey: string): CompiledBandit | null {
    const known = this.#compiled.get(banditKey);
    if (known !== undefined) return known;
    const model = this.#models.models.get(banditKey);
    // Quirk: in the vendor's SDK, falsy models and bandits with an empty key do not exist (eppo).
    if (model === undefined || banditKey === "" || !this.#models.wires[banditKey]) return null;
    const bandit = createBandit(model);
    this.#compiled.set(banditKey, bandit);
    return bandit;
  }
}
