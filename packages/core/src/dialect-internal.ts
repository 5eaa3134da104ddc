// For the packages of this repository, above all the dialects. Any version may change it.

export { type Deciding, decidingOf } from "./conditions/deciding.js";
export { failing, unknownWord } from "./conditions/decode.js";
export { isErrorBudgetSpent } from "./conditions/error-budget.js";
export { coverAll, soundOf } from "./conditions/how.js";
export { never } from "./conditions/predicate.js";
export type { AttributeReader } from "./conditions/reader.js";
export { UNGUARDED } from "./conditions/risky-pattern/guard.js";
export { stringOf } from "./conditions/string-of.js";
export { DOCUMENTATION_URL } from "./errors/documentation-url.js";
export { messageOf } from "./errors/guard.js";
export {
  booleanOption,
  dialectHints,
  rejectUnknownOptions,
  requireMethods,
} from "./errors/option-checks.js";
export { ASPECTS, allocationKeys, variationValues } from "./explain/changes.js";
export { changeOf, keysOfBoth } from "./explain/compare-flag.js";
export { causeText } from "./explain/explaining.js";
export { allocationReport, flagReport } from "./explain/flag-report.js";
export { type JointCell, jointCells, type RangedSplit } from "./explain/joint-cells.js";
export { conditionText } from "./explain/text/parts.js";
export { printable } from "./explain/text/printable.js";
export { shareText, shortTimeText, timeText, valueText } from "./explain/text/values.js";
export { wrap } from "./explain/text/wrap.js";
export { flagComment } from "./explain/typed/flag-comment.js";
export { jsonType } from "./explain/typed/json-type.js";
export {
  fitsManifestType,
  isManifestKey,
  MANIFEST_TYPES,
  type ManifestFlag,
  manifestFlag,
} from "./explain/typed/manifest-flag.js";
export { type TypedFlag, typedFlags } from "./explain/typed/typed-flag.js";
export { hashedText } from "./explain/unit-value.js";
export { windowStateAt } from "./explain/window-state.js";
export { allocationName, allocationTitle } from "./explain/words/allocation-names.js";
export { conditionWords, rulesWords } from "./explain/words/condition-words.js";
export { decidedText, plainReason, type Unmatched } from "./explain/words/reason-words.js";
export {
  type AllocationSteps,
  explanationSteps,
  type SplitPart,
  type SplitPlace,
  type Step,
} from "./explain/words/steps.js";
export { unitWords } from "./explain/words/unit-words.js";
export {
  type NamedVariation,
  type NamedVariations,
  nameOf,
  nameVariations,
  variationText,
} from "./explain/words/variation-names.js";
export { momentText, windowWords } from "./explain/words/window-words.js";
export { PLAIN_WORDS } from "./explain/words/words.js";
export { fnv1aPrefix } from "./hash/fnv1a.js";
export { md5Hex, md5Prefix } from "./hash/md5.js";
export { type Murmur3Prefix, murmur3Prefix } from "./hash/murmur3.js";
export type { HashPrefix } from "./hash/prefix.js";
export { sha1Prefix } from "./hash/sha1.js";
export { sha256Modulo, sha256Prefix } from "./hash/sha256.js";
export { copyJson, isObject } from "./payload/copy-json.js";
export { KeyMemory } from "./payload/flag-keys.js";
export { Interned } from "./payload/interned.js";
export { LazyConfiguration } from "./payload/lazy-configuration.js";
export { documentOf } from "./payload/parsed-flags.js";
export { unwrap } from "./payload/unwrap.js";
export { markRelease } from "./runtime/release.js";
export { textOf } from "./runtime/text.js";
