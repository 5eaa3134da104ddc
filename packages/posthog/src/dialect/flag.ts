import {
  type Evaluation,
  type Recorder,
  type Scope,
  type Subject,
  sha1Uint60,
  type ValueType,
  type VariationValue,
} from "@sortition/core/dialect";
import { type HashPrefix, sha1Prefix } from "@sortition/core/dialect-internal";
import { type Condition, recordedCondition, testFilters } from "./condition/condition.js";
import {
  CONTINUITY,
  FALSE,
  isUncertainRegex,
  isUnknown,
  joinUnknown,
  MISSING_CONTEXT,
  requiresServer,
  TRUE,
  type Tri,
  UNSUPPORTED,
  withReason,
} from "./condition/tri.js";
import { type Definitions, EvaluationCall } from "./evaluation/evaluation-call.js";
import { howDecided } from "./evaluation/how-decided.js";
import { noteUndecided } from "./evaluation/note-undecided.js";
import {
  allocationOf,
  type DecidedBy,
  type FlagValue,
  HOLDOUT,
  Outcome,
  readPayload,
} from "./evaluation/outcome.js";
import { hasVariant, variantAt } from "./evaluation/variants.js";
import type { PosthogExtras } from "./extras.js";
import type { FlagDefinition } from "./flag-wire.js";
import type { ServedFlag } from "./served-flag.js";
import { PosthogTrace } from "./trace.js";

/** Hashes are numbers of 60 bits. */
const HASH_SPACE = 2 ** 60;
const HOLDOUT_PREFIX: HashPrefix = /* @__PURE__ */ sha1Prefix("holdout-");
const VARIANT = "variant";
/** Number of shards in explanations, which show hashes as percentages. */
export const TOTAL_SHARDS = 100;
const UNRESOLVED: Evaluation = { kind: "default", reason: "unresolved" };
/** Outcome of a condition whose filters match, but whose share excludes the subject. */
const OUT_OF_SHARE: Tri = 2;
/** Recorded for a condition on a group that the subject is not in. */
export const NO_GROUP: Tri = 3;
const OFF: DecidedBy = null;

const NO_OUTCOMES: readonly Outcome[] = [];
/** Maximum number of outcomes for which searching a list is as fast as a map. A map needs three times the memory. */
const FEW = 8;

/** The call object of the last evaluation, reused so that most evaluations allocate nothing. */
let spare: EvaluationCall | null = null;

export class PosthogFlag implements ServedFlag {
  readonly key: string;
  /** A flag has a value for each type of getter: on or off, a variant, and a payload. */
  readonly valueType = null;
  readonly definition: FlagDefinition;
  /** Hash prefix of rollouts and variants. Holdouts have another one. */
  readonly prefix: HashPrefix;
  /** Stored per condition, because outcomes of different conditions are reported as different allocations. */
  #outcomes: readonly Outcome[] = NO_OUTCOMES;
  /** Further outcomes, once the list is too long to search. */
  #more: Map<DecidedBy, Map<FlagValue, Outcome>> | null = null;

  constructor(definition: FlagDefinition) {
    this.key = definition.key;
    this.definition = definition;
    this.prefix = sha1Prefix(`${definition.key}.`);
  }

  evaluate(subject: Subject, scope: Scope<PosthogExtras>): Evaluation {
    const trace = scope.trace instanceof PosthogTrace ? scope.trace : null;
    const call = spare ?? new EvaluationCall();
    spare = null; // a getter in the caller's attributes may evaluate another flag
    call.begin(subject, scope);
    const outcome = this.outcomeFor(call, trace?.recorder ?? null);
    if (typeof outcome === "number") noteUndecided(this.key, outcome, call);
    call.end();
    spare = call;
    trace?.record(this, outcome);
    return typeof outcome === "number" ? UNRESOLVED : outcome.as(scope.expectedType);
  }

  /** `true` and `false` switch the flag on without a variant, and off. */
  variationValues(key: string, type: ValueType | null): readonly VariationValue[] {
    const { key: flagKey, payloads, variants } = this.definition;
    const isVariant = variants?.some((it) => it.key === key) ?? false;
    if (!isVariant && key !== "true" && key !== "false") return [];
    const value = isVariant ? key : key === "true";
    const rawPayload = payloadFor(payloads, value);
    const facts = { flagKey, rawPayload, isLogged: false, isDisabled: false };
    const evaluation = new Outcome(value, OFF, { ...facts, how: "static" }).as(type);
    return evaluation.kind === "assigned" ? [evaluation] : [];
  }

  outcomeFor(call: EvaluationCall, recorder: Recorder | null = null): Outcome | Tri {
    const { definition } = this;
    if (!definition.isActive) return this.#outcomeOf(false, OFF);
    if (definition.hasContinuity) return CONTINUITY;
    if (definition.isUnsupported) return UNSUPPORTED;
    const { groupTypeIndex } = definition;
    if (groupTypeIndex !== undefined && groupTypeIndex !== null) {
      const type = call.configuration.groupType(groupTypeIndex);
      if (type === null) return UNSUPPORTED;
      if (!call.hasGroup(type)) return this.#outcomeOf(false, OFF);
      call.useGroup(type);
      return this.#match(call, String(call.groupKey), recorder);
    }
    // Quirk: a key from an untyped program that is not a string, such as a number, is hashed as its string (posthog).
    const bucket: unknown = definition.isByDevice ? call.deviceId : call.subjectKey;
    if (bucket !== undefined) {
      return this.#match(call, typeof bucket === "string" ? bucket : String(bucket), recorder);
    }
    if (this.isUnsupported(call)) return UNSUPPORTED;
    call.noteMissing("$device_id");
    return MISSING_CONTEXT;
  }

  /** Returns whether the definition alone makes the flag undecidable for some subjects. */
  isUnsupported(definitions: Definitions): boolean {
    const { conditions, groupTypeIndex, isUnsupported } = this.definition;
    if (isUnsupported) return true;
    if (groupTypeIndex !== undefined && groupTypeIndex !== null) {
      if (definitions.configuration.groupType(groupTypeIndex) === null) return true;
    }
    if (conditions === null) throw new TypeError("the conditions are not a list");
    return conditions.some((condition) => {
      if (condition === null) throw new TypeError("a condition is null");
      if (condition.filters === null) throw new TypeError("the filters are not a list");
      return condition.filters.some((filter) => {
        if (filter === null) throw new TypeError("a filter is null");
        return filter.isUnsupported(definitions, new Set());
      });
    });
  }

  /** @param bucket - the string to hash: the key of the person, the group or the device. */
  #match(call: EvaluationCall, bucket: string, recorder: Recorder | null): Outcome | Tri {
    const { conditions, exitsEarly, holdout } = this.definition;
    if (holdout !== null) {
      if (holdout.share > 0 && holdout.share < 1) call.scope.placed?.();
      const isHeldOut = holdout.share === 1 || hashOf(bucket, HOLDOUT_PREFIX) <= holdout.share;
      if (recorder !== null) {
        recorder.tried(HOLDOUT, isHeldOut ? TRUE : FALSE);
        const hash = hashOf(bucket, HOLDOUT_PREFIX);
        recordHash(HOLDOUT, hash, HOLDOUT_PREFIX.text, recorder, isHeldOut);
      }
      if (isHeldOut) return this.#outcomeOf(holdout.variant, HOLDOUT);
    }
    if (conditions === null) throw new TypeError("the conditions are not a list");
    let unknown: Tri = 0;
    let doubtful: unknown[] | null = null;
    const { arePlain, groupKey, owner, properties } = call;
    // An indexed loop, because this runs in every evaluation.
    for (let i = 0; i < conditions.length; i++) {
      const condition = conditions[i] as Condition | null; // i < length
      if (condition === null) throw new TypeError("a condition is null");
      let key = bucket;
      if (this.#isMixed(condition)) {
        const type = call.configuration.groupType(condition.groupTypeIndex);
        if (type === null || !call.hasGroup(type)) {
          recorder?.tried(allocationOf(i), NO_GROUP);
          continue;
        }
        call.useGroup(type);
        key = String(call.groupKey);
      }
      const tested = recorder === null ? condition : recordedCondition(condition, i, recorder);
      const outcome = this.#test(tested, key, call);
      if (recorder !== null) this.#record(allocationOf(i), key, outcome, recorder);
      call.groupKey = groupKey;
      call.owner = owner;
      call.properties = properties;
      call.arePlain = arePlain;
      if (outcome === TRUE) {
        const value = this.#valueOf(condition, key);
        if (this.#splits(condition)) call.scope.placed?.();
        if (doubtful?.some((other) => other !== value)) return unknown;
        return this.#outcomeOf(value, i);
      }
      if (outcome === OUT_OF_SHARE) {
        if (exitsEarly) return unknown === 0 ? this.#outcomeOf(false, OFF) : unknown;
      } else if (isUnknown(outcome)) {
        if (requiresServer(outcome)) return this.#serverReason(outcome, unknown, call);
        unknown = joinUnknown(unknown, outcome);
        if (isUncertainRegex(outcome)) {
          doubtful ??= [];
          doubtful.push(this.#valueIfHeld(condition, key));
        }
      }
    }
    return unknown === 0 ? this.#outcomeOf(false, OFF) : unknown;
  }

  /** Records a condition, and the hashes that its splits depend on. */
  #record(allocation: string, bucket: string, outcome: Tri, recorder: Recorder): void {
    const { prefix } = this;
    recorder.tried(allocation, outcome);
    recordHash(allocation, hashOf(bucket, prefix), prefix.text, recorder, outcome === TRUE);
    if (outcome !== TRUE) return;
    const hash = hashOf(bucket, prefix, VARIANT);
    recordHash(allocation, hash, `${prefix.text}${VARIANT}`, recorder);
  }

  /** Returns whether a condition applies to another kind of subject than the flag. */
  #isMixed({ groupTypeIndex }: Condition): boolean {
    if (groupTypeIndex === undefined || groupTypeIndex === null) return false;
    return groupTypeIndex !== this.definition.groupTypeIndex;
  }

  #test({ filters, share }: Condition, bucket: string, call: EvaluationCall): Tri {
    if (filters === null || filters.length > 0) {
      const outcome = testFilters(filters, call);
      if (outcome !== TRUE) return outcome === FALSE ? FALSE : outcome;
    }
    if (share !== null && share < 1) call.scope.placed?.();
    return this.#isOutside(share, bucket) ? OUT_OF_SHARE : TRUE;
  }

  /** Skips hashing if the share is 1, because no hash is greater. */
  #isOutside(share: number | null, bucket: string): boolean {
    return share !== null && share < 1 && hashOf(bucket, this.prefix) > share;
  }

  /** Whether a hash chooses the variant. */
  #splits({ variant }: Condition): boolean {
    const { variants } = this.definition;
    return (variants?.length ?? 0) > 1 && !(variant && hasVariant(variants, variant));
  }

  #valueOf({ variant }: Condition, bucket: string): FlagValue {
    const { variants } = this.definition;
    if (variant && hasVariant(variants, variant)) return valueOfKey(variant);
    if (variants !== null && variants.length === 0) return true;
    return valueOfKey(variantAt(variants, hashOf(bucket, this.prefix, VARIANT)));
  }

  /** Returns the value of a condition if its regular expression matched. */
  #valueIfHeld(condition: Condition, bucket: string): FlagValue {
    const isOut = this.definition.exitsEarly && this.#isOutside(condition.share, bucket);
    return isOut ? false : this.#valueOf(condition, bucket);
  }

  /** Later conditions are not tried, but an unsupported one takes precedence as the reason. */
  #serverReason(outcome: Tri, unknown: Tri, call: EvaluationCall): Tri {
    const reason = unknown === 0 ? outcome : withReason(outcome, unknown);
    try {
      return this.isUnsupported(call) ? withReason(reason, UNSUPPORTED) : reason;
    } catch {
      return reason; // a malformed definition
    }
  }

  payloadOf(value: FlagValue): unknown {
    return readPayload(payloadFor(this.definition.payloads, value));
  }

  #outcomeOf(value: FlagValue, decidedBy: DecidedBy): Outcome {
    const outcomes = this.#outcomes;
    // An indexed loop, because this runs at the end of every evaluation.
    for (let i = 0; i < outcomes.length; i++) {
      const known = outcomes[i] as Outcome; // i < length
      if (known.value === value && known.decidedBy === decidedBy) return known;
    }
    return this.#more?.get(decidedBy)?.get(value) ?? this.#makeOutcome(value, decidedBy);
  }

  #makeOutcome(value: FlagValue, decidedBy: DecidedBy): Outcome {
    const { hasExperiment, isDisabled, key: flagKey, payloads } = this.definition;
    const outcome = new Outcome(value, decidedBy, {
      flagKey,
      rawPayload: payloadFor(payloads, value),
      isLogged: hasExperiment !== false,
      how: howDecided(this.definition, decidedBy),
      isDisabled,
    });
    if (this.#outcomes.length < FEW) this.#outcomes = [...this.#outcomes, outcome];
    else {
      this.#more ??= new Map();
      const others = this.#more.get(decidedBy) ?? new Map<FlagValue, Outcome>();
      this.#more.set(decidedBy, others.set(value, outcome));
    }
    return outcome;
  }
}

/** Returns the hash of a string, in [0, 1]. */
export function hashOf(text: string, prefix: HashPrefix, suffix = ""): number {
  return sha1Uint60(text, prefix, suffix) / HASH_SPACE;
}

/** @param isIn - default: whether it is in a range of the split. */
function recordHash(
  allocation: string,
  hash: number,
  salt: string,
  recorder: Recorder,
  isIn?: boolean,
): void {
  recorder.shard(allocation, { salt, totalShards: TOTAL_SHARDS }, hash * TOTAL_SHARDS, isIn);
}

export function payloadFor(payloads: unknown, value: FlagValue): unknown {
  if (value === false || typeof payloads !== "object" || payloads === null) return undefined;
  const name = String(value);
  return Object.hasOwn(payloads, name) ? (payloads as Record<string, unknown>)[name] : undefined;
}

/** Returns the flag's value for a variant key. If the key is not a string, the flag is just on. */
export function valueOfKey(key: unknown): FlagValue {
  return typeof key === "string" && key !== "" ? key : true;
}
