import type { Attributes } from "../model/attributes.js";
import type { BanditActions, BanditSubject } from "../model/bandit.js";
import type { ValueType } from "../model/flag.js";
import type { Override } from "../model/override.js";
import type { Client } from "./client.js";
import type { AssignmentDetails } from "./evaluation/assignment-details.js";
import type { BanditDetails, BanditResult } from "./evaluation/bandit-evaluator.js";

/**
 * Keys of the flags that have a getter of this type, e.g. `KeyFor<AppFlags, "string">`.
 *
 * @typeParam Flags - flags by key, see {@link TypedClient}.
 */
export type KeyFor<Flags, Type extends ValueType> = {
  [Key in keyof Flags]: Type extends keyof Flags[Key] ? Key : never;
}[keyof Flags] &
  string;

// These types test for keys, because with thousands of flags the compiler takes much longer to compare shapes.

/** The values that the flag's variations have for a getter of this type. */
type Value<Flag, Type extends ValueType> = Type extends keyof Flag ? Flag[Type] : never;

/** Default values other than variations, or `never` if every subject gets a variation. */
type FurtherDefault<Flag> = "default" extends keyof Flag
  ? Exclude<Flag["default"], undefined>
  : never;

/** The default values that a getter accepts. */
type Default<Flag, Type extends ValueType> = Value<Flag, Type> | FurtherDefault<Flag>;

/**
 * A client whose getters accept only the keys and default values of `Flags`. It differs from a `Client` only at compile
 * time, so nothing is checked at run time. `evaluate` accepts any key.
 *
 * @typeParam Flags - the values of each of a flag's getters, by flag key. `default` lists default values that are not
 * variations. `sortition types` generates this interface from a payload:
 *
 * ```ts
 * interface AppFlags {
 *   "test-checkout": { string: "fast" | "standard" };
 *   columns: { integer: 2 | 3 };
 *   banner: { json: { text: string }; default?: null };
 * }
 * ```
 */
export interface TypedClient<Flags, Details extends object = object, Extras = unknown>
  extends Client<Details, Extras> {
  getBooleanAssignment<
    Key extends KeyFor<Flags, "boolean">,
    Given extends Default<Flags[Key], "boolean"> & boolean,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): (Value<Flags[Key], "boolean"> & boolean) | Given;

  getIntegerAssignment<
    Key extends KeyFor<Flags, "integer">,
    Given extends Default<Flags[Key], "integer"> & number,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): (Value<Flags[Key], "integer"> & number) | Given;

  getNumericAssignment<
    Key extends KeyFor<Flags, "numeric">,
    Given extends Default<Flags[Key], "numeric"> & number,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): (Value<Flags[Key], "numeric"> & number) | Given;

  getStringAssignment<
    Key extends KeyFor<Flags, "string">,
    Given extends Default<Flags[Key], "string"> & string,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): (Value<Flags[Key], "string"> & string) | Given;

  // Two signatures, because a single one would not be assignable to the generic getter of `Client`.
  getJSONAssignment<
    Key extends KeyFor<Flags, "json">,
    Given extends FurtherDefault<Flags[Key]> & (object | null),
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): Value<Flags[Key], "json"> | Given;
  getJSONAssignment<Key extends KeyFor<Flags, "json">>(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Value<Flags[Key], "json">,
  ): Value<Flags[Key], "json">;

  getBooleanAssignmentDetails<
    Key extends KeyFor<Flags, "boolean">,
    Given extends Default<Flags[Key], "boolean"> & boolean,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): AssignmentDetails<(Value<Flags[Key], "boolean"> & boolean) | Given, Details>;

  getIntegerAssignmentDetails<
    Key extends KeyFor<Flags, "integer">,
    Given extends Default<Flags[Key], "integer"> & number,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): AssignmentDetails<(Value<Flags[Key], "integer"> & number) | Given, Details>;

  getNumericAssignmentDetails<
    Key extends KeyFor<Flags, "numeric">,
    Given extends Default<Flags[Key], "numeric"> & number,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): AssignmentDetails<(Value<Flags[Key], "numeric"> & number) | Given, Details>;

  getStringAssignmentDetails<
    Key extends KeyFor<Flags, "string">,
    Given extends Default<Flags[Key], "string"> & string,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): AssignmentDetails<(Value<Flags[Key], "string"> & string) | Given, Details>;

  getJSONAssignmentDetails<
    Key extends KeyFor<Flags, "json">,
    Given extends FurtherDefault<Flags[Key]> & (object | null),
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): AssignmentDetails<Value<Flags[Key], "json"> | Given, Details>;
  getJSONAssignmentDetails<Key extends KeyFor<Flags, "json">>(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Value<Flags[Key], "json">,
  ): AssignmentDetails<Value<Flags[Key], "json">, Details>;

  getBanditAction<
    Key extends KeyFor<Flags, "string">,
    Given extends Default<Flags[Key], "string"> & string,
  >(
    flagKey: Key,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultValue: Given,
  ): BanditResult & { readonly variation: (Value<Flags[Key], "string"> & string) | Given };

  getBanditActionDetails<
    Key extends KeyFor<Flags, "string">,
    Given extends Default<Flags[Key], "string"> & string,
  >(
    flagKey: Key,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultValue: Given,
  ): BanditDetails<Details> & {
    readonly variation: (Value<Flags[Key], "string"> & string) | Given;
  };

  getBestAction<Key extends KeyFor<Flags, "string">>(
    flagKey: Key,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultAction: string,
  ): string;

  getPrecomputedConfiguration<Key extends KeyFor<Flags, "string">>(
    subjectKey: string,
    subject?: BanditSubject | null,
    banditActions?: Readonly<Record<Key, BanditActions>>,
    salt?: string,
  ): string;

  withOverrides<Key extends keyof Flags & string>(
    overrides: Readonly<Record<Key, Override>>,
  ): TypedClient<Flags, Details, Extras>;
}

/**
 * Returns the same client, typed with its flags.
 *
 * ```ts
 * const flags = typed<AppFlags>(createClient({ initialConfiguration }));
 * flags.getStringAssignment("test-checkout", "user-1", {}, "standard");
 * ```
 *
 * @typeParam Flags - see {@link TypedClient}.
 * @typeParam Details - the client's type of details. TypeScript does not infer it if `Flags` is given.
 */
export function typed<Flags, Details extends object = object, Extras = unknown>(
  client: Client<Details, Extras>,
): TypedClient<Flags, Details, Extras> {
  return client as TypedClient<Flags, Details, Extras>; // the caller vouches for the flags
}
