import type { Scope, Subject } from "@sortition/core/dialect";
import type { GrowthbookTrace } from "../../trace.js";
import {
  type EvaluatedConfiguration,
  EvaluationCall,
  type UnhashedListener,
} from "../evaluation-call.js";

/** The context of the last completed call, reused so that evaluations allocate none. */
let spare: EvaluationCall | null = null;

/** Prepares a context for an evaluation by core's client. */
export function beginCall(subject: Subject, scope: Scope): EvaluationCall {
  const context = spare ?? createCall();
  spare = null; // a nested call gets its own context
  const { trace } = scope;
  const configuration = scope.configuration as typeof scope.configuration & EvaluatedConfiguration; // flags are evaluated with their own configuration
  context.scope = scope;
  if (context.features !== configuration) use(configuration, context);
  context.attributes = subject.attributes;
  context.subjectKey = subject.key === "" ? null : subject.key;
  if (trace !== null) context.observer = trace as GrowthbookTrace; // created by this dialect
  return context;
}

function createCall(): EvaluationCall {
  const context = new EvaluationCall();
  // Set once per context, because most calls find a value to hash and should not pay for this listener.
  context.onUnhashed = noteUnhashed;
  return context;
}

const noteUnhashed: UnhashedListener = (attribute, owner, { scope }) => {
  const flagKey = typeof owner === "string" ? owner : (owner.origin.featureKey ?? owner.key);
  scope?.unhashed?.(attribute, flagKey);
};

function use(configuration: EvaluatedConfiguration, context: EvaluationCall): void {
  context.features = configuration;
  context.savedGroups = configuration.savedGroups;
  context.contextualBandits = configuration.contextualBandits;
}

/** Keeps the context for the next call. A context whose call threw is discarded. */
export function endCall(context: EvaluationCall): void {
  context.scope = null;
  context.attributes = NO_ATTRIBUTES;
  context.plainAttributes = null;
  if (context.observer !== null) {
    context.observer = null;
    context.outcome = null;
    context.featureResult = null;
  }
  spare = context;
}

const NO_ATTRIBUTES: object = /* @__PURE__ */ Object.freeze({});
