import type { ValueType } from "../model/flag.js";

/**
 * Keys of the flags that have a getter of this type, e.g. `KeyFor<AppFlags, "string">`.
 *
 * @typeParam Flags - flags by key, see `TypedClient`.
 */
export type KeyFor<Flags, Type extends ValueType> = {
  [Key in keyof Flags]: Type extends keyof Flags[Key] ? Key : never;
}[keyof Flags] &
  string;

// These types test for keys, because with thousands of flags the compiler takes much longer to compare shapes.

/** The values that the flag's variations have for a getter of this type. */
export type FlagValue<Flag, Type extends ValueType> = Type extends keyof Flag ? Flag[Type] : never;

/** Default values other than variations, or `never` if every subject gets a variation. */
export type FurtherDefault<Flag> = "default" extends keyof Flag
  ? Exclude<Flag["default"], undefined>
  : never;

/** The default values that a getter accepts. */
export type FlagDefault<Flag, Type extends ValueType> =
  | FlagValue<Flag, Type>
  | FurtherDefault<Flag>;

/** Overrides of a typed client: the key of a variation, or a key with one of the flag's values. */
export type TypedOverrides<Flags, Key extends keyof Flags> = {
  readonly [Name in Key]:
    | string
    | { readonly key: string; readonly value: Flags[Name][Exclude<keyof Flags[Name], "default">] };
};
