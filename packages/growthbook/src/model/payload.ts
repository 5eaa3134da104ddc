import type { AutoExperiment } from "../dialect/auto/auto-experiment.js";
import type { ConditionInterface } from "../dialect/condition/condition-interface.js";
import type {
  ContextualBanditDefinitions,
  FeatureDefinition,
  SavedGroupsPayload,
} from "../dialect/wire.js";

/** Features by key. */
export type FeatureDefinitions = Record<string, FeatureDefinition>;

/** Response of GrowthBook's API. Each encrypted part replaces its plain counterpart. */
export type FeatureApiResponse = {
  features?: FeatureDefinitions;
  dateUpdated?: string;
  encryptedFeatures?: string;
  experiments?: AutoExperiment[];
  encryptedExperiments?: string;
  savedGroups?: SavedGroupsPayload;
  encryptedSavedGroups?: string;
  contextualBandits?: ContextualBanditDefinitions;
  encryptedContextualBandits?: string;
};

/** Values of saved groups that are lists of ids. */
export type SavedGroupsValues = Record<string, (string | number)[]>;

/** A typed saved group. */
export type SavedGroupPayloadEntry =
  | { type: "list"; attributeKey: string; values: (string | number)[] }
  | { type: "condition"; condition: ConditionInterface };

/** Any JSON value. */
export type JSONValue =
  | null
  | number
  | string
  | boolean
  | JSONValue[]
  | Record<string, unknown>
  | { [key: string]: JSONValue };

/** Widens a literal type, for example `true` to `boolean`. */
export type WidenPrimitives<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T;
