// Decoding

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
export { decodeError, ErrorBudget } from "./conditions/error-budget.js";
export type { Check, ProblemSink, ReportProblem } from "./model/check.js";
export { IssueList } from "./payload/issue-list.js";
export { parseJson } from "./payload/parse-json.js";

// Dialects and configurations

export type {
  CompileIssue,
  Configuration,
  Payload,
  PayloadItems,
  PayloadSet,
} from "./model/configuration.js";
export type {
  CompileInput,
  Dialect,
  DialectAddresses,
  Endpoint,
  EndpointContext,
  Prepared,
  QueryParameter,
} from "./model/dialect.js";
export type { ContextSubject, OpenFeatureTerms } from "./model/open-feature.js";
export type { Steps } from "./model/steps.js";
export type { VendorAny } from "./model/vendor-any.js";
export type { FlagKeys } from "./payload/flag-keys.js";
export { flagsOfItems } from "./payload/item-flags.js";
export {
  type FlagCompiler,
  type FlagSource,
  LazyFlags,
  type LazyFlagsParts,
} from "./payload/lazy-flags.js";
export type { FlagsDocument, FlagsPlace, RawFlags } from "./payload/raw-flags.js";
export { readFlags } from "./payload/read-flags.js";
export { readPart } from "./payload/read-part.js";
export { revisionOf } from "./runtime/revision.js";
export { runAtOnce } from "./runtime/slices.js";

// Flags, subjects and evaluations

export { type AllocationFacts, howOf } from "./conditions/how.js";
export { type Predicate, throwing } from "./conditions/predicate.js";
export { viaOf } from "./delivery/exposure-parts.js";
export type { BanditStep, Bandits, CompiledBandit, WeighedAction } from "./model/bandit.js";
export type {
  Assigned,
  Defaulted,
  Evaluation,
  EvaluationReason,
  Failed,
  How,
} from "./model/evaluation.js";
export type { BanditChoice, EventFields, ExposureBase } from "./model/exposure.js";
export type { CompiledFlag, ValueType, VariationValue } from "./model/flag.js";
export type { PrecomputeRequest, PrecomputingDialect } from "./model/precompute.js";
export type { ConditionPlace, Recorder, ShardSpace } from "./model/recorder.js";
export type { Scope } from "./model/scope.js";
export type { Subject } from "./model/subject.js";
export type { Answer, Trace } from "./model/trace.js";

// Conditions

export {
  type PatternGuard,
  type PatternTest,
  patternGuard,
  RISKY_PATTERN,
} from "./conditions/risky-pattern/guard.js";
export { compareVersions, parseVersion, type Version } from "./conditions/semver.js";

// Hashes

export { fnv1aUint32 } from "./hash/fnv1a.js";
export { md5Uint32 } from "./hash/md5.js";
export { murmur3Uint32 } from "./hash/murmur3.js";
export { sha1Uint60 } from "./hash/sha1.js";
export { sha256 } from "./hash/sha256.js";

// Explanations

export {
  type AllocationReads,
  type Comparison,
  readsOfAllocations,
} from "./explain/allocation-reads.js";
export type { AttributeNames } from "./explain/attribute-names.js";
export type { Aspect, Change, ComparedFlag } from "./explain/changes.js";
export { compareFlag, type FlagChange, type FlagComparison } from "./explain/compare-flag.js";
export { describeBroken } from "./explain/describe-broken.js";
export type {
  AllocationDescription,
  BanditDescription,
  ConditionDescription,
  FlagDescription,
  HashedUnit,
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
export type { Explainer, ExplainingConfiguration } from "./explain/explainer.js";
export { explaining, type Observe } from "./explain/explaining.js";
export type {
  AllocationOutcome,
  Decider,
  ExplainedAllocation,
  ExplainedCondition,
  ExplainedFlag,
  ExplainedRule,
  ExplainedShard,
  ExplainedSplit,
  Explanation,
  TestOutcome,
} from "./explain/explanation.js";
export {
  type CallResult,
  type EvaluateExplained,
  type ExplainedEvaluation,
  type FlagAnswer,
  type FlagQuestion,
  outcomeOf,
  typedAnswer,
} from "./explain/flag-answer.js";
export { type FlagGetter, type FlagOutcome, gettersFrom } from "./explain/flag-getter.js";
export { type RecordedTest, Recording } from "./explain/recording.js";
export {
  type ExplanationTextOptions,
  explanationText,
} from "./explain/text/explanation-text.js";
export type { Paint, PaintColor } from "./explain/text/paint.js";
export { type UnitSubject, unitValue, withAttribute } from "./explain/unit-value.js";
export { valueWords } from "./explain/words/value-words.js";
export {
  type ConditionWords,
  type DialectWords,
  fixedPhrase,
  type Otherwise,
  type Phrase,
  phrase,
} from "./explain/words/words.js";

// Errors

export {
  DecodeError,
  EvaluationError,
  type EvaluationErrorCode,
  OptionError,
} from "./errors/errors.js";
export type { OptionHints } from "./errors/option-checks.js";
