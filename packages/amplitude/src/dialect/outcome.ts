import {
  type Evaluation,
  type ExposureBase,
  type How,
  type JsonObject,
  type ValueType,
  viaOf,
} from "@sortition/core/dialect";

/** What a segment gives to its users: a variant with the metadata of flag, segment and variant. */
export interface Outcome {
  /** As the vendor's engine returns it: `value` as received. Shared: do not modify it. */
  readonly variant: JsonObject & { readonly metadata: JsonObject };
  /** Whether it is the variant of users who are in no other. */
  readonly isDefault: boolean;
  /** Name of the segment. */
  readonly segment: string | null;
  /** The value as a string. */
  readonly text: string | undefined;
  /** Names of members of the variant, and of its metadata, that are objects: copies must not share them. */
  readonly nested: { readonly variant: readonly string[]; readonly metadata: readonly string[] };
  /** The answer for each type of getter. */
  readonly evaluations: Readonly<Record<ValueType, Evaluation>>;
}

/** Nothing was assigned, or the variant has nothing for this type of getter. */
export const NOTHING_ASSIGNED: Evaluation = Object.freeze({
  kind: "default",
  reason: "no-allocation",
});

/** What an outcome is made from. */
export interface OutcomeSource {
  readonly how: How;
  readonly flagKey: string;
  readonly flagMetadata: unknown;
  readonly segmentMetadata: unknown;
  readonly variant: unknown;
}

/** Merges the metadata (flag, then segment, then variant), and prepares the answers. */
export function createOutcome(source: OutcomeSource): Outcome {
  const { flagKey, flagMetadata, how, segmentMetadata } = source;
  // Quirk: any value that is true in JavaScript is a variant, and metadata may be anything (amplitude).
  const given = source.variant as JsonObject;
  const metadata: JsonObject = {
    ...(flagMetadata as object),
    ...(segmentMetadata as object),
    ...(given["metadata"] as object),
  };
  const variant = { ...given, metadata };
  const isDefault = Boolean(own(metadata, "default"));
  const segment = textOrNull(own(metadata, "segmentName"));
  const key = textOrNull(own(given, "key"));
  const tracks = own(metadata, "trackExposure") ?? true;
  const experiment = textOrNull(own(metadata, "experimentKey")) || flagKey;
  const exposure: ExposureBase | null =
    isDefault || !tracks
      ? null
      : {
          experiment,
          featureFlag: flagKey,
          allocation: segment,
          variation: key,
          via: viaOf(flagKey, { allocation: segment, experiment }),
          extraLogging: {},
        };
  const assigned = (value: unknown, json: string | null = null): Evaluation => {
    if (value === undefined) return NOTHING_ASSIGNED;
    return { kind: "assigned", how, value, json, variation: key, allocation: segment, exposure };
  };
  const text = valueText(own(given, "value"));
  const number = assigned(numberOf(text));
  const payload = own(given, "payload");
  const evaluations = {
    boolean: assigned(!isDefault && key !== "off"),
    string: assigned(text),
    integer: number,
    numeric: number,
    json: payload === undefined ? NOTHING_ASSIGNED : assigned(null, JSON.stringify(payload)),
  };
  const nested = {
    variant: objectNames(given).filter((name) => name !== "metadata"),
    metadata: objectNames(metadata),
  };
  return { variant, isDefault, segment, text, nested, evaluations };
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
