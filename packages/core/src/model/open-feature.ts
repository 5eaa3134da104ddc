import type { Attributes } from "./attributes.js";

/** The subject of an evaluation, created from an OpenFeature context. */
export interface ContextSubject {
  /** `null` if the context has no targeting key. */
  readonly key: string | null;
  readonly attributes: Attributes;
  /** Names of values that were left out because they have the wrong type. Absent: none. */
  readonly leftOut?: readonly string[];
  /** What the dialect needs in addition to attributes. */
  readonly extras?: object | null;
}

/** What OpenFeature's contexts and metadata mean to a vendor, like in the vendor's own provider if there is one. */
export interface OpenFeatureTerms<Details extends object = object> {
  /** Whether lists and objects in a context become attributes. If not, they are left out. */
  readonly takesNestedValues: boolean;
  /** Attributes that contexts spell differently, by their name in a context. */
  readonly attributeNames: Readonly<Record<string, string>>;
  /** Whether a flag without a number may have a variation whose key is the number. */
  readonly hasNumericVariations: boolean;
  /**
   * Reads the subject of a context. `null`: `targetingKey` is its key, and the other members are its attributes.
   *
   * @param members - the members of the context, as plain JSON.
   * @param defaultKey - the key if the context has none.
   */
  readonly subjectOf:
    | ((members: Readonly<Record<string, unknown>>, defaultKey: string | null) => ContextSubject)
    | null;
  /** Returns the vendor's own metadata of a flag. What is not a string, a boolean or a finite number is left out. */
  metadataOf(details: Details): Readonly<Record<string, unknown>>;
}
