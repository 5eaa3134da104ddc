import type { ValueType } from "../model/flag.js";
import type { AssignmentDetails } from "./evaluation/assignment-details.js";
import type { FlagDefault, FlagValue, FurtherDefault, KeyFor } from "./typed-flags.js";

interface Scalars {
  readonly boolean: boolean;
  readonly integer: number;
  readonly numeric: number;
  readonly string: string;
}

type Scalar = keyof Scalars & ValueType;

/**
 * A getter that accepts only the keys and default values of `Flags`.
 *
 * @typeParam Subject - the arguments between the flag key and the default value.
 */
export type TypedGetter<Flags, Type extends Scalar, Subject extends readonly unknown[]> = <
  Key extends KeyFor<Flags, Type>,
  Given extends FlagDefault<Flags[Key], Type> & Scalars[Type],
>(
  flagKey: Key,
  ...rest: [...Subject, defaultValue: Given]
) => (FlagValue<Flags[Key], Type> & Scalars[Type]) | Given;

/** Like {@link TypedGetter}, with details. */
export type TypedDetailsGetter<
  Flags,
  Type extends Scalar,
  Subject extends readonly unknown[],
  Details extends object,
> = <Key extends KeyFor<Flags, Type>, Given extends FlagDefault<Flags[Key], Type> & Scalars[Type]>(
  flagKey: Key,
  ...rest: [...Subject, defaultValue: Given]
) => AssignmentDetails<(FlagValue<Flags[Key], Type> & Scalars[Type]) | Given, Details>;

/** Two signatures, because a single one would not be assignable to the generic getter of a client. */
export interface TypedJsonGetter<Flags, Subject extends readonly unknown[]> {
  <Key extends KeyFor<Flags, "json">, Given extends FurtherDefault<Flags[Key]> & (object | null)>(
    flagKey: Key,
    ...rest: [...Subject, defaultValue: Given]
  ): FlagValue<Flags[Key], "json"> | Given;
  <Key extends KeyFor<Flags, "json">>(
    flagKey: Key,
    ...rest: [...Subject, defaultValue: FlagValue<Flags[Key], "json">]
  ): FlagValue<Flags[Key], "json">;
}

/** Like {@link TypedJsonGetter}, with details. */
export interface TypedJsonDetailsGetter<
  Flags,
  Subject extends readonly unknown[],
  Details extends object,
> {
  <Key extends KeyFor<Flags, "json">, Given extends FurtherDefault<Flags[Key]> & (object | null)>(
    flagKey: Key,
    ...rest: [...Subject, defaultValue: Given]
  ): AssignmentDetails<FlagValue<Flags[Key], "json"> | Given, Details>;
  <Key extends KeyFor<Flags, "json">>(
    flagKey: Key,
    ...rest: [...Subject, defaultValue: FlagValue<Flags[Key], "json">]
  ): AssignmentDetails<FlagValue<Flags[Key], "json">, Details>;
}
