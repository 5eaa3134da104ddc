import type { Scope, Subject } from "@sortition/core/dialect";
import type { GrowthbookConfiguration } from "../configuration.js";
import { GrowthbookTrace } from "../details.js";
import { EvaluationContext } from "./context.js";

/** The context of the last call that ended: an evaluation allocates none. */
let spare: EvaluationContext | null = null;

/** A context for an evaluation by core's client. */
export function beginCall(subject: Subject, scope: Scope): EvaluationContext {
  const context = spare ?? new EvaluationContext();
  spare = null; // a nested call has a context of its own
  context.begin();
  const configuration = scope.configuration as GrowthbookConfiguration; // flags are used with their own
  context.scope = scope;
  context.features = configuration;
  context.savedGroups = configuration.savedGroups;
  context.contextualBandits = configuration.contextualBandits;
  context.attributes = subject.attributes;
  context.subjectKey = subject.key;
  context.observer = scope.trace instanceof GrowthbookTrace ? scope.trace : null;
  return context;
}

/** Keeps the context for the next call. One whose call threw is lost. */
export function endCall(context: EvaluationContext): void {
  context.scope = null;
  context.observer = null;
  context.attributes = NO_ATTRIBUTES;
  context.experiment = null;
  context.result = null;
  context.featureResult = null;
  context.hashValue = "";
  spare = context;
}

const NO_ATTRIBUTES: object = /* @__PURE__ */ Object.freeze({});
