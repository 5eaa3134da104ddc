import { EvaluationCall } from "../dialect/evaluation/evaluation-call.js";

/** The same user and settings, for an evaluation in the middle of another one, or for those after it. */
export function nestedContext(outer: EvaluationCall): EvaluationCall {
  const inner = new EvaluationCall();
  inner.features = outer.features;
  inner.savedGroups = outer.savedGroups;
  inner.contextualBandits = outer.contextualBandits;
  inner.attributes = outer.attributes;
  inner.attributeOverrides = outer.attributeOverrides;
  inner.url = outer.url;
  inner.isEnabled = outer.isEnabled;
  inner.isQaMode = outer.isQaMode;
  inner.forcedVariations = outer.forcedVariations;
  inner.globalForcedVariations = outer.globalForcedVariations;
  inner.forcedFeatures = outer.forcedFeatures;
  inner.globalForcedFeatures = outer.globalForcedFeatures;
  inner.overrides = outer.overrides;
  inner.groups = outer.groups;
  inner.sticky = outer.sticky;
  inner.observer = outer.observer;
  inner.onUnhashed = outer.onUnhashed;
  return inner;
}
