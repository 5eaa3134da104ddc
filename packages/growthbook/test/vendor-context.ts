import { contextualBanditsOf } from "../src/dialect/contextual-bandits.js";
import { EvaluationCall } from "../src/dialect/evaluation/evaluation-call.js";
import { ObjectFeatures } from "../src/dialect/object-features.js";
import { savedGroupsOf } from "../src/dialect/saved-groups.js";

/** The context of a case in the vendor's data, as options of an instance. */
export interface VendorContext {
  readonly attributes?: object;
  readonly attributeOverrides?: object;
  readonly features?: object;
  readonly url?: string;
  readonly forcedVariations?: Record<string, unknown>;
  readonly forcedFeatureValues?: ReadonlyMap<string, unknown>;
  readonly qaMode?: boolean;
  readonly enabled?: boolean;
  readonly groups?: Record<string, unknown>;
  readonly overrides?: Record<string, unknown>;
  readonly savedGroups?: unknown;
  readonly contextualBandits?: unknown;
}

/** Creates the same context for our evaluator. */
export function contextOf(given: VendorContext): EvaluationCall {
  const context = new EvaluationCall();
  if (given.features) context.features = ObjectFeatures.of(given.features);
  context.savedGroups = savedGroupsOf(given.savedGroups);
  context.contextualBandits = contextualBanditsOf(given.contextualBandits);
  context.attributes = given.attributes ?? {};
  context.attributeOverrides = given.attributeOverrides ?? null;
  context.url = given.url ?? "";
  context.isEnabled = given.enabled !== false;
  context.isQaMode = !!given.qaMode;
  context.forcedVariations = given.forcedVariations ?? null;
  context.forcedFeatures = given.forcedFeatureValues ?? null;
  context.overrides = given.overrides ?? null;
  context.groups = given.groups ?? null;
  return context;
}
