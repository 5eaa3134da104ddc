import { Configuration } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import type { Flag } from "../model/flag.js";
import type { IConfigurationStore } from "./configuration-store.js";
import { modelsOf, wireOf } from "./wire.js";

/** A variation for which a bandit chooses the action. */
export interface BanditVariation {
  key: string;
  flagKey: string;
  variationKey: string;
  variationValue: string;
}

interface NumericCoefficients {
  attributeKey: string;
  coefficient: number;
  missingValueCoefficient: number;
}

interface CategoricalCoefficients {
  attributeKey: string;
  valueCoefficients: Record<string, number>;
  missingValueCoefficient: number;
}

interface ActionCoefficients {
  actionKey: string;
  intercept: number;
  subjectNumericCoefficients: NumericCoefficients[];
  subjectCategoricalCoefficients: CategoricalCoefficients[];
  actionNumericCoefficients: NumericCoefficients[];
  actionCategoricalCoefficients: CategoricalCoefficients[];
}

/** Model of a bandit. */
export interface BanditParameters {
  banditKey: string;
  modelName: string;
  modelVersion: string;
  modelData: {
    gamma: number;
    defaultActionScore: number;
    actionProbabilityFloor: number;
    coefficients: Record<string, ActionCoefficients>;
  };
}

/** The user's stores, each `null` until it is set. */
export interface ConfigurationStores {
  flags: IConfigurationStore<Flag> | null;
  banditVariations: IConfigurationStore<BanditVariation[]> | null;
  banditModels: IConfigurationStore<BanditParameters> | null;
}

/**
 * Builds a configuration from the current content of the stores. Bandits that are in no store are
 * taken from the served configuration.
 *
 * @throws DecodeError if the flags are unusable as a whole.
 */
export function configurationOf(
  { flags, banditModels, banditVariations }: ConfigurationStores,
  served: Configuration | null,
): Configuration {
  const models = banditModels?.entries() ?? modelsOf(served);
  const fetchedAtMs = Date.parse(flags?.getConfigFetchedAt() ?? "");
  return Configuration.from({
    dialect: eppo(),
    payloads: {
      flags: JSON.stringify({
        createdAt: flags?.getConfigPublishedAt() ?? undefined,
        format: flags?.getFormat() ?? "SERVER",
        environment: flags?.getEnvironment() ?? { name: "" },
        flags: flags?.entries() ?? {},
        banditReferences:
          banditVariations === null
            ? wireOf(served).banditReferences
            : referencesOf(banditVariations.entries(), models),
      }),
      bandits: JSON.stringify({ bandits: models }),
    },
    ...(Number.isNaN(fetchedAtMs) ? {} : { fetchedAtMs }),
  });
}

/** Groups variations by bandit, as the server does. The store has them by flag. */
function referencesOf(
  variations: Readonly<Record<string, BanditVariation[]>>,
  models: Readonly<Record<string, BanditParameters>>,
): object {
  const byBandit = new Map<string, BanditVariation[]>();
  for (const variation of Object.values(variations).flat()) {
    byBandit.set(variation.key, [...(byBandit.get(variation.key) ?? []), variation]);
  }
  return Object.fromEntries(
    [...byBandit].map(([key, flagVariations]) => [
      key,
      { modelVersion: models[key]?.modelVersion, flagVariations },
    ]),
  );
}
