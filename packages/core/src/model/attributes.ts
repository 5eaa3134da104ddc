/**
 * An attribute of a subject, which can be any JSON value. `null` and `undefined` both mean that it is unknown. The
 * dialect determines which kinds of values conditions understand.
 */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly AttributeValue[]
  | { readonly [name: string]: AttributeValue };

/** Attributes of a subject by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** Attributes that are not nested. */
export type ScalarAttributes = Readonly<
  Record<string, string | number | boolean | null | undefined>
>;

/** Attributes by kind, for bandits. Values are passed to events without conversion. */
export interface AttributesByKind {
  /** Attributes used as numbers. A value that is not a finite number is treated as missing. */
  readonly numericAttributes: ScalarAttributes;
  /** Attributes compared as strings. `null`, `undefined` and `""` are treated as missing. */
  readonly categoricalAttributes: ScalarAttributes;
}
