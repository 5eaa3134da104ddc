export { eppoAddresses } from "./eppo/addresses.js";
export type { EppoAttributes } from "./eppo/attributes.js";
export { ContextAttributes } from "./eppo/bandit/context-attributes.js";
export { type EppoConfiguration, isEppoConfiguration } from "./eppo/eppo-configuration.js";
export type {
  AllocationEvaluation,
  AllocationEvaluationCode,
  EvaluationDetails,
  FlagEvaluationCode,
} from "./eppo/evaluation-details.js";
export {
  type EppoNodeBanditEvent,
  type EppoNodeLogger,
  withEppoNodeEventNames,
} from "./eppo/event-names.js";
export type { EppoAssignmentEvent, EppoBanditEvent, EppoEventMetadata } from "./eppo/events.js";
export { eppoExplainer } from "./eppo/explain/explainer.js";
export { type TrafficSplit, trafficShares } from "./eppo/explain/traffic.js";
export { type EppoDialect, type EppoOptions, eppo } from "./eppo/factory.js";
export type { UfcFormat } from "./eppo/format.js";
export { deobfuscateFlag } from "./eppo/obfuscation/deobfuscate.js";
export { type UfcDialectParts, type UfcDocument, ufcDialect } from "./eppo/ufc-dialect.js";
export type {
  AllocationWire,
  ConditionWire,
  FlagWire,
  RuleWire,
  ShardWire,
  SplitFacts,
  SplitWire,
  VariationWire,
} from "./eppo/wire.js";
export type { PrecomputeRequest } from "./model/precompute.js";
