export {
  attempt,
  attemptEach,
  type Decoded,
  expectArray,
  expectNumber,
  expectObject,
  expectString,
  isJsonObject,
  type JsonObject,
  member,
  type Report,
  unexpected,
} from "./conditions/decode.js";
export { decodeError, ErrorBudget, isErrorBudgetSpent } from "./conditions/error-budget.js";
export { type AllocationFacts, coverAll, howOf, soundOf } from "./conditions/how.js";
export { never, type Predicate, throwing } from "./conditions/predicate.js";
export {
  type AttributeReader,
  attributeReader,
  attributeReaderWithId,
} from "./conditions/reader.js";
export {
  type PatternGuard,
  type PatternTest,
  patternGuard,
  RISKY_PATTERN,
  UNGUARDED,
} from "./conditions/risky-pattern/guard.js";
export { riskOf } from "./conditions/risky-pattern/risk.js";
export {
  compareStringWithVersion,
  compareVersions,
  parseVersion,
  type Version,
} from "./conditions/semver.js";
export { viaOf } from "./delivery/exposure-parts.js";
export {
  DecodeError,
  EvaluationError,
  type EvaluationErrorCode,
  OptionError,
} from "./errors/errors.js";
export { messageOf } from "./errors/guard.js";
export {
  booleanOption,
  integerOption,
  type OptionHints,
  rejectUnknownOptions,
  requireMethods,
} from "./errors/option-checks.js";
export {
  ASPECTS,
  type Aspect,
  allocationKeys,
  type Change,
  type ComparedFlag,
  changesOf,
  variationValues,
} from "./explain/changes.js";
export {
  changeOf,
  compareFlag,
  type FlagChange,
  type FlagComparison,
  keysOfBoth,
} from "./explain/compare-flag.js";
export type {
  AllocationDescription,
  BanditDescription,
  ConditionDescription,
  FlagDescription,
  RuleDescription,
  ShardDescription,
  SplitDescription,
  TrafficShares,
  VariationDescription,
  WindowDescription,
} from "./explain/description.js";
export {
  explainFrom,
  type Folding,
  type SeenCondition,
  type TestedAllocation,
} from "./explain/explain-from.js";
export { causeText, explaining, type Observe } from "./explain/explaining.js";
export type {
  AllocationOutcome,
  Decider,
  ExplainedAllocation,
  ExplainedCondition,
  ExplainedFlag,
  ExplainedRule,
  ExplainedShard,
  ExplainedSplit,
  Explainer,
  ExplainingConfiguration,
  Explanation,
  TestOutcome,
} from "./explain/explanation.js";
export { allocationReport, flagReport } from "./explain/flag-report.js";
export {
  type CallResult,
  type ExplanationTextOptions,
  explanationText,
} from "./explain/text/explanation-text.js";
export type { Paint, PaintColor } from "./explain/text/paint.js";
export { conditionText } from "./explain/text/parts.js";
export { printable } from "./explain/text/printable.js";
export { rulesText } from "./explain/text/rules.js";
export { shareText, shortTimeText, timeText, valueText } from "./explain/text/values.js";
export { whyText } from "./explain/text/why-text.js";
export { wrap } from "./explain/text/wrap.js";
export { type WindowState, windowStateAt } from "./explain/window-state.js";
export { fnv1aPrefix, fnv1aUint32 } from "./hash/fnv1a.js";
export { md5Hex, md5Prefix, md5Uint32 } from "./hash/md5.js";
export { type Murmur3Prefix, murmur3Prefix, murmur3Uint32 } from "./hash/murmur3.js";
export type { HashPrefix } from "./hash/prefix.js";
export { sha1Hex, sha1Prefix, sha1Uint60 } from "./hash/sha1.js";
export { sha256 } from "./hash/sha256.js";
export type { BanditStep, Bandits, CompiledBandit, WeighedAction } from "./model/bandit.js";
export type { Check, ProblemSink, ReportProblem } from "./model/check.js";
export type { CompileIssue, Configuration, Payload, PayloadSet } from "./model/configuration.js";
export type {
  CompileInput,
  Dialect,
  DialectAddresses,
  Endpoint,
  EndpointContext,
  Prepared,
  QueryParameter,
} from "./model/dialect.js";
export type { Assigned, Defaulted, Evaluation, Failed, How } from "./model/evaluation.js";
export type { BanditChoice, EventFields, ExposureBase } from "./model/exposure.js";
export type { CompiledFlag, ValueType } from "./model/flag.js";
export type { PrecomputeRequest, PrecomputingDialect } from "./model/precompute.js";
export type { Scope } from "./model/scope.js";
export type { Steps } from "./model/steps.js";
export type { Subject } from "./model/subject.js";
export type { Answer, Trace } from "./model/trace.js";
export type { VendorAny } from "./model/vendor-any.js";
export { isObject } from "./payload/copy-json.js";
export { type FlagKeys, KeyMemory } from "./payload/flag-keys.js";
export { Interned } from "./payload/interned.js";
export { IssueList } from "./payload/issue-list.js";
export {
  type FlagCompiler,
  type FlagSource,
  LazyFlags,
  type LazyFlagsParts,
} from "./payload/lazy-flags.js";
export { parseJson } from "./payload/parse-json.js";
export type { FlagsDocument, FlagsPlace, RawFlags } from "./payload/raw-flags.js";
export { readFlags } from "./payload/read-flags.js";
export { revisionOf } from "./runtime/revision.js";
export { runAtOnce } from "./runtime/slices.js";
