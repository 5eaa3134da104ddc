import type { Attributes } from "../model/attributes.js";
import type { BanditActions, BanditSubject } from "../model/bandit.js";
import type { Client } from "./client.js";
import type { AssignmentDetails } from "./evaluation/assignment-details.js";
import type { BanditDetails, BanditResult } from "./evaluation/bandit-evaluator.js";
import type {
  FlagDefault,
  FlagValue,
  FurtherDefault,
  KeyFor,
  TypedOverrides,
} from "./typed-flags.js";
import type { TypedSubjectClient, TypedSubjectOptions } from "./typed-subject-client.js";

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
    Given extends FlagDefault<Flags[Key], "boolean"> & boolean,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): (FlagValue<Flags[Key], "boolean"> & boolean) | Given;

  getIntegerAssignment<
    Key extends KeyFor<Flags, "integer">,
    Given extends FlagDefault<Flags[Key], "integer"> & number,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): (FlagValue<Flags[Key], "integer"> & number) | Given;

  getNumericAssignment<
    Key extends KeyFor<Flags, "numeric">,
    Given extends FlagDefault<Flags[Key], "numeric"> & number,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): (FlagValue<Flags[Key], "numeric"> & number) | Given;

  getStringAssignment<
    Key extends KeyFor<Flags, "string">,
    Given extends FlagDefault<Flags[Key], "string"> & string,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): (FlagValue<Flags[Key], "string"> & string) | Given;

  // Two signatures, because a single one would not be assignable to the generic getter of `Client`.
  getJSONAssignment<
    Key extends KeyFor<Flags, "json">,
    Given extends FurtherDefault<Flags[Key]> & (object | null),
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): FlagValue<Flags[Key], "json"> | Given;
  getJSONAssignment<Key extends KeyFor<Flags, "json">>(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: FlagValue<Flags[Key], "json">,
  ): FlagValue<Flags[Key], "json">;

  getBooleanAssignmentDetails<
    Key extends KeyFor<Flags, "boolean">,
    Given extends FlagDefault<Flags[Key], "boolean"> & boolean,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): AssignmentDetails<(FlagValue<Flags[Key], "boolean"> & boolean) | Given, Details>;

  getIntegerAssignmentDetails<
    Key extends KeyFor<Flags, "integer">,
    Given extends FlagDefault<Flags[Key], "integer"> & number,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): AssignmentDetails<(FlagValue<Flags[Key], "integer"> & number) | Given, Details>;

  getNumericAssignmentDetails<
    Key extends KeyFor<Flags, "numeric">,
    Given extends FlagDefault<Flags[Key], "numeric"> & number,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): AssignmentDetails<(FlagValue<Flags[Key], "numeric"> & number) | Given, Details>;

  getStringAssignmentDetails<
    Key extends KeyFor<Flags, "string">,
    Given extends FlagDefault<Flags[Key], "string"> & string,
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): AssignmentDetails<(FlagValue<Flags[Key], "string"> & string) | Given, Details>;

  getJSONAssignmentDetails<
    Key extends KeyFor<Flags, "json">,
    Given extends FurtherDefault<Flags[Key]> & (object | null),
  >(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: Given,
  ): AssignmentDetails<FlagValue<Flags[Key], "json"> | Given, Details>;
  getJSONAssignmentDetails<Key extends KeyFor<Flags, "json">>(
    flagKey: Key,
    subjectKey: string,
    subjectAttributes: Attributes | null | undefined,
    defaultValue: FlagValue<Flags[Key], "json">,
  ): AssignmentDetails<FlagValue<Flags[Key], "json">, Details>;

  getBanditAction<
    Key extends KeyFor<Flags, "string">,
    Given extends FlagDefault<Flags[Key], "string"> & string,
  >(
    flagKey: Key,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultValue: Given,
  ): BanditResult & { readonly variation: (FlagValue<Flags[Key], "string"> & string) | Given };

  getBanditActionDetails<
    Key extends KeyFor<Flags, "string">,
    Given extends FlagDefault<Flags[Key], "string"> & string,
  >(
    flagKey: Key,
    subjectKey: string,
    subject: BanditSubject | null | undefined,
    actions: BanditActions,
    defaultValue: Given,
  ): BanditDetails<Details> & {
    readonly variation: (FlagValue<Flags[Key], "string"> & string) | Given;
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

  forSubject<Key extends keyof Flags & string>(
    options: TypedSubjectOptions<Flags, Extras, Key>,
  ): TypedSubjectClient<Flags, Details>;

  withOverrides<Key extends keyof Flags & string>(
    overrides: TypedOverrides<Flags, Key>,
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
