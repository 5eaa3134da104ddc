import {
  type Evaluation,
  type ExposureBase,
  type How,
  type JsonObject,
  type ValueType,
  viaOf,
} from "@sortition/core/dialect";
import { setMember } from "../condition/member.js";

/** Nothing was assigned, or the variant has nothing for this type of getter. */
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

/** A variant with the metadata of flag, segment and variant. */
interface Merged {
  readonly variant: JsonObject & { readonly metadata: JsonObject };
  /** Names of members of the variant, and of its metadata, that are objects: copies must not share them. */
  readonly nested: { readonly variant: readonly string[]; readonly metadata: readonly string[] };
}

const NOTHING_NESTED: Merged["nested"] = { variant: [], metadata: [] };
const NO_EXTRA_LOGGING: ExposureBase["extraLogging"] = {};

/** A segment, which makes outcomes from names of variants. */
export interface OutcomesByName {
  /** `null` if there is no such variant. */
  outcomeOf(name: unknown): Outcome | null;
}

/**
 * What a segment gives to its users. It is made when a user first gets it, and each of its answers when a
 * getter of that type first asks: a process uses few of a payload's variants, and few types of each.
 */
export class Outcome {
  /** The variant as received. */
  readonly given: JsonObject;
  /** Whether it is the variant of users who are in no other. */
  readonly isDefault: boolean;
  readonly segment: string | null;
  /** The value as a string. */
  readonly text: string | undefined;
  /** `null`: it is not logged. */
  readonly exposure: ExposureBase | null;
  readonly #how: How;
  readonly #flagMetadata: unknown;
  readonly #segmentMetadata: unknown;
  #merged: Merged | null = null;
  /** The type that was asked for last, and its answer. */
  #type: ValueType | null = null;
  #evaluation: Evaluation = NOTHING_ASSIGNED;
  #boolean: Evaluation | null = null;
  #string: Evaluation | null = null;
  #number: Evaluation | null = null;
  #json: Evaluation | null = null;

  constructor({ flagKey, flagMetadata, how, segmentMetadata, variant }: OutcomeSource) {
    // Quirk: any truthy value is a variant, and metadata may be anything (amplitude).
    this.given = variant as JsonObject;
    this.#how = how;
    this.#flagMetadata = flagMetadata;
    this.#segmentMetadata = segmentMetadata;
    this.isDefault = Boolean(this.#metadataMember("default"));
    this.segment = textOrNull(this.#metadataMember("segmentName"));
    this.text = valueText(own(this.given, "value"));
    this.exposure = this.#exposureOf(flagKey);
  }

  /** As the vendor's engine returns it: `value` as received. Shared: do not modify it. */
  get variant(): Merged["variant"] {
    return this.merged.variant;
  }

  /** The answer for a type of getter. */
  evaluationFor(type: ValueType): Evaluation {
    // Nearly always the one of before. That much is compiled into the evaluation, and leaves room there for the hash.
    if (type !== this.#type) {
      this.#evaluation = this.#evaluationFor(type);
      this.#type = type;
    }
    return this.#evaluation;
  }

  #evaluationFor(type: ValueType): Evaluation {
    switch (type) {
      case "boolean":
        this.#boolean ??= this.#assigned(!this.isDefault && this.#key !== "off");
        return this.#boolean;
      case "string":
        this.#string ??= this.#assigned(this.text);
        return this.#string;
      case "json":
        this.#json ??= this.#payload();
        return this.#json;
      default:
        this.#number ??= this.#assigned(numberOf(this.text));
        return this.#number;
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
      how: this.#how,
      value,
      json,
      variation: this.#key,
      allocation: segment,
      exposure,
    };
  }

  #exposureOf(flagKey: string): ExposureBase | null {
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

  /** A member of the merged metadata, which need not be merged for it. */
  #metadataMember(name: string): unknown {
    const metadatas = [this.given["metadata"], this.#segmentMetadata, this.#flagMetadata];
    for (const metadata of metadatas) {
      if (metadata === null || metadata === undefined) continue;
      if (Object.hasOwn(metadata, name)) return (metadata as JsonObject)[name];
    }
    return undefined;
  }

  /** The variant with its metadata, to be copied. */
  get merged(): Merged {
    return this.#merged ?? this.#merge();
  }

  #merge(): Merged {
    const metadata = {};
    addMembers(metadata, this.#flagMetadata);
    addMembers(metadata, this.#segmentMetadata);
    addMembers(metadata, this.given["metadata"]);
    const variant = {};
    addMembers(variant, this.given);
    setMember(variant, "metadata", metadata);
    const inVariant = objectNames(this.given).filter((name) => name !== "metadata");
    const inMetadata = objectNames(metadata);
    const isFlat = inVariant.length === 0 && inMetadata.length === 0;
    const nested = isFlat ? NOTHING_NESTED : { variant: inVariant, metadata: inMetadata };
    this.#merged = { variant: variant as Merged["variant"], nested };
    return this.#merged;
  }
}

/**
 * Copies what a spread would copy. A spread gives its result a hidden class of its own on Node 20, which is
 * larger than most of these objects.
 */
function addMembers(target: object, source: unknown): void {
  if (source === null || source === undefined) return;
  for (const name of Object.keys(source)) setMember(target, name, (source as JsonObject)[name]);
}

/** @throws RangeError if a variant is nested so deep that it has no text. */
export function checkOutcome(variant: unknown): void {
  const { payload, value } = variant as JsonObject; // such is its kind, or it has neither
  if (typeof value === "object") JSON.stringify(value);
  if (typeof payload === "object") JSON.stringify(payload);
}

/** The value as the vendor's clients return it: a string, or `undefined` if there is none. */
function valueText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? undefined : JSON.stringify(value);
}

/** A number; a value that is not one stays a string, which fits no numeric getter. */
function numberOf(text: string | undefined): number | string | undefined {
  if (text === undefined || text.trim() === "") return text;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
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
