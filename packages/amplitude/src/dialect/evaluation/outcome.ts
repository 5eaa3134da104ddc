import {
  type Evaluation,
  type ExposureBase,
  type How,
  type JsonObject,
  type ValueType,
  viaOf,
} from "@sortition/core/dialect";
import { setMember } from "../condition/member.js";

/** Nothing was assigned, or the variant has no value of the requested type. */
export const NOTHING_ASSIGNED: Evaluation = /* @__PURE__ */ Object.freeze({
  kind: "default",
  reason: "no-allocation",
});

export interface OutcomeSource {
  readonly how: How;
  readonly flagKey: string;
  readonly flagMetadata: unknown;
  readonly segmentMetadata: unknown;
  readonly variant: unknown;
}

type Variant = JsonObject & { readonly metadata: JsonObject };

/** Names of the members of a variant and of its metadata that are objects. Copies must not share them. */
interface Nested {
  readonly variant: readonly string[];
  readonly metadata: readonly string[];
}

const NOTHING_NESTED: Nested = { variant: [], metadata: [] };
/** Shared by most variants with nested members. */
const PAYLOAD_NESTED: Nested = { variant: ["payload"], metadata: [] };
const NO_EXTRA_LOGGING: ExposureBase["extraLogging"] = {};

/** The outcomes of a segment by the name of the variant. They are created on demand. */
export interface OutcomesByName {
  /** Returns the outcome of a variant, or `null` if the variant does not exist. */
  outcomeOf(name: unknown): Outcome | null;
}

/**
 * The outcome of a segment. It is created when a user first gets it, and its evaluation for a type is
 * created when a getter of that type first requests it. A process uses only a few of a payload's
 * variants, and only a few types of each.
 */
export class Outcome {
  /** The variant as received. */
  readonly given: JsonObject;
  /** Whether this is the default variant. */
  readonly isDefault: boolean;
  readonly segment: string | null;
  /** The value as a string. */
  readonly text: string | undefined;
  readonly #flagKey: string;
  readonly #how: How;
  readonly #flagMetadata: unknown;
  readonly #segmentMetadata: unknown;
  #exposure: ExposureBase | null | undefined = undefined;
  #variant: Variant | null = null;
  #nested: Nested | null = null;
  /** The last requested type, and its evaluation. */
  #type: ValueType | null = null;
  #evaluation: Evaluation = NOTHING_ASSIGNED;
  /** Evaluations of other types, or `null` if none was requested. */
  #others: Map<ValueType, Evaluation> | null = null;

  constructor({ flagKey, flagMetadata, how, segmentMetadata, variant }: OutcomeSource) {
    // Quirk: any truthy value is a variant, and metadata may be anything (amplitude).
    this.given = variant as JsonObject;
    this.#flagKey = flagKey;
    this.#how = how;
    this.#flagMetadata = flagMetadata;
    this.#segmentMetadata = segmentMetadata;
    this.isDefault = Boolean(this.#metadataMember("default"));
    this.segment = textOrNull(this.#metadataMember("segmentName"));
    this.text = valueText(own(this.given, "value"));
  }

  /**
   * The variant in the format of the vendor's engine: `value` as received, and the merged
   * `metadata` of flag, segment and variant. It is shared and must not be modified.
   */
  get variant(): Variant {
    return this.#variant ?? this.#merged();
  }

  /** The members that copies of the variant must not share. */
  get nested(): Nested {
    return this.#nested ?? this.#foundNested();
  }

  evaluationFor(type: ValueType): Evaluation {
    // The type is nearly always the same as before. This method contains only that check, so that both it and the hash
    // are inlined into the evaluation.
    return type === this.#type ? this.#evaluation : this.#evaluationFor(type);
  }

  #evaluationFor(type: ValueType): Evaluation {
    const evaluation = this.#others?.get(type) ?? this.#evaluate(type);
    if (this.#type !== null) {
      this.#others ??= new Map();
      this.#others.set(this.#type, this.#evaluation);
    }
    this.#type = type;
    this.#evaluation = evaluation;
    return evaluation;
  }

  #evaluate(type: ValueType): Evaluation {
    switch (type) {
      case "boolean":
        return this.#assigned(!this.isDefault && this.#key !== "off");
      case "string":
        return this.#assigned(this.text);
      case "json":
        return this.#payload();
      default:
        return this.#assigned(numberOf(this.text));
    }
  }

  get #key(): string | null {
    return textOrNull(own(this.given, "key"));
  }

  #payload(): Evaluation {
    const payload = own(this.given, "payload");
    return payload === undefined ? NOTHING_ASSIGNED : this.#assigned(null, JSON.stringify(payload));
  }

  #assigned(value: unknown, json: string | null = null): Evaluation {
    if (value === undefined) return NOTHING_ASSIGNED;
    const { exposure, segment } = this;
    return {
      kind: "assigned",
      reason: this.#how,
      value,
      json,
      variation: this.#key,
      allocation: segment,
      exposure,
    };
  }

  /** `null` if it is not logged. */
  get exposure(): ExposureBase | null {
    if (this.#exposure === undefined) this.#exposure = this.#madeExposure();
    return this.#exposure;
  }

  #madeExposure(): ExposureBase | null {
    const flagKey = this.#flagKey;
    const tracks = this.#metadataMember("trackExposure") ?? true;
    if (this.isDefault || !tracks) return null;
    const allocation = this.segment;
    const experiment = textOrNull(this.#metadataMember("experimentKey")) || flagKey;
    return {
      experiment,
      featureFlag: flagKey,
      allocation,
      variation: this.#key,
      via: viaOf(flagKey, { allocation, experiment }),
      extraLogging: NO_EXTRA_LOGGING,
    };
  }

  /** Reads a member of the merged metadata without merging. */
  #metadataMember(name: string): unknown {
    const metadatas = [this.given["metadata"], this.#segmentMetadata, this.#flagMetadata];
    for (const metadata of metadatas) {
      if (metadata === null || metadata === undefined) continue;
      if (Object.hasOwn(metadata, name)) return (metadata as JsonObject)[name];
    }
    return undefined;
  }

  #foundNested(): Nested {
    this.#nested = nestedIn(this.given, this.variant.metadata);
    return this.#nested;
  }

  #merged(): Variant {
    const metadata = {};
    addMembers(metadata, this.#flagMetadata);
    addMembers(metadata, this.#segmentMetadata);
    addMembers(metadata, this.given["metadata"]);
    const variant = {};
    addMembers(variant, this.given);
    setMember(variant, "metadata", metadata);
    this.#variant = variant as Variant;
    return this.#variant;
  }
}

/**
 * Copies the same members as a spread. On Node.js 20 a spread gives its result a separate hidden
 * class, which is larger than most of these objects.
 */
function addMembers(target: object, source: unknown): void {
  if (source === null || source === undefined) return;
  for (const name of Object.keys(source)) setMember(target, name, (source as JsonObject)[name]);
}

/** @throws RangeError if a variant is nested too deeply to be serialized. */
export function checkOutcome(variant: unknown): void {
  const { payload, value } = variant as JsonObject; // an object, or a value without such members
  if (typeof value === "object") JSON.stringify(value);
  if (typeof payload === "object") JSON.stringify(payload);
}

/** Returns the value as the vendor's clients do: a string, or `undefined` if there is none. */
function valueText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? undefined : JSON.stringify(value);
}

/** Returns a number. Anything else stays a string, which is the wrong type for a numeric getter. */
function numberOf(text: string | undefined): number | string | undefined {
  if (text === undefined || text.trim() === "") return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function nestedIn(given: JsonObject, metadata: JsonObject): Nested {
  const inVariant = objectNames(given).filter((name) => name !== "metadata");
  const inMetadata = objectNames(metadata);
  if (inMetadata.length > 0) return { variant: inVariant, metadata: inMetadata };
  if (inVariant.length === 0) return NOTHING_NESTED;
  const isPayload = inVariant.length === 1 && inVariant[0] === "payload";
  return isPayload ? PAYLOAD_NESTED : { variant: inVariant, metadata: inMetadata };
}

function objectNames(object: JsonObject): readonly string[] {
  return Object.keys(object).filter((name) => typeof object[name] === "object");
}

function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
