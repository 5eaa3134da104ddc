import type { AssignmentDetails } from "./evaluation/assignment-details.js";
import type { SubjectClient, SubjectOptions } from "./subject-client.js";
import type {
  FlagDefault,
  FlagValue,
  FurtherDefault,
  KeyFor,
  TypedOverrides,
} from "./typed-flags.js";

/** Options of a typed client's `forSubject`. `Key` is the union of the overridden flags' keys. */
export interface TypedSubjectOptions<Flags, Extras = unknown, Key extends keyof Flags = never>
  extends SubjectOptions<Extras> {
  readonly overrides?: TypedOverrides<Flags, Key> | undefined;
}

/** A {@link SubjectClient} whose getters accept only the keys and default values of `Flags`, see `TypedClient`. */
export interface TypedSubjectClient<Flags, Details extends object = object>
  extends SubjectClient<Details> {
  getBooleanAssignment<
    Key extends KeyFor<Flags, "boolean">,
    Given extends FlagDefault<Flags[Key], "boolean"> & boolean,
  >(flagKey: Key, defaultValue: Given): (FlagValue<Flags[Key], "boolean"> & boolean) | Given;

  getIntegerAssignment<
    Key extends KeyFor<Flags, "integer">,
    Given extends FlagDefault<Flags[Key], "integer"> & number,
  >(flagKey: Key, defaultValue: Given): (FlagValue<Flags[Key], "integer"> & number) | Given;

  getNumericAssignment<
    Key extends KeyFor<Flags, "numeric">,
    Given extends FlagDefault<Flags[Key], "numeric"> & number,
  >(flagKey: Key, defaultValue: Given): (FlagValue<Flags[Key], "numeric"> & number) | Given;

  getStringAssignment<
    Key extends KeyFor<Flags, "string">,
    Given extends FlagDefault<Flags[Key], "string"> & string,
  >(flagKey: Key, defaultValue: Given): (FlagValue<Flags[Key], "string"> & string) | Given;

  // Two signatures, because a single one would not be assignable to the generic getter of `SubjectClient`.
  getJSONAssignment<
    Key extends KeyFor<Flags, "json">,
    Given extends FurtherDefault<Flags[Key]> & (object | null),
  >(flagKey: Key, defaultValue: Given): FlagValue<Flags[Key], "json"> | Given;
  getJSONAssignment<Key extends KeyFor<Flags, "json">>(
    flagKey: Key,
    defaultValue: FlagValue<Flags[Key], "json">,
  ): FlagValue<Flags[Key], "json">;

  getBooleanAssignmentDetails<
    Key extends KeyFor<Flags, "boolean">,
    Given extends FlagDefault<Flags[Key], "boolean"> & boolean,
  >(
    flagKey: Key,
    defaultValue: Given,
  ): AssignmentDetails<(FlagValue<Flags[Key], "boolean"> & boolean) | Given, Details>;

  getIntegerAssignmentDetails<
    Key extends KeyFor<Flags, "integer">,
    Given extends FlagDefault<Flags[Key], "integer"> & number,
  >(
    flagKey: Key,
    defaultValue: Given,
  ): AssignmentDetails<(FlagValue<Flags[Key], "integer"> & number) | Given, Details>;

  getNumericAssignmentDetails<
    Key extends KeyFor<Flags, "numeric">,
    Given extends FlagDefault<Flags[Key], "numeric"> & number,
  >(
    flagKey: Key,
    defaultValue: Given,
  ): AssignmentDetails<(FlagValue<Flags[Key], "numeric"> & number) | Given, Details>;

  getStringAssignmentDetails<
    Key extends KeyFor<Flags, "string">,
    Given extends FlagDefault<Flags[Key], "string"> & string,
  >(
    flagKey: Key,
    defaultValue: Given,
  ): AssignmentDetails<(FlagValue<Flags[Key], "string"> & string) | Given, Details>;

  getJSONAssignmentDetails<
    Key extends KeyFor<Flags, "json">,
    Given extends FurtherDefault<Flags[Key]> & (object | null),
  >(
    flagKey: Key,
    defaultValue: Given,
  ): AssignmentDetails<FlagValue<Flags[Key], "json"> | Given, Details>;
  getJSONAssignmentDetails<Key extends KeyFor<Flags, "json">>(
    flagKey: Key,
    defaultValue: FlagValue<Flags[Key], "json">,
  ): AssignmentDetails<FlagValue<Flags[Key], "json">, Details>;

  exposed<Key extends keyof Flags & string>(
    flagKey: Key,
  ): ReturnType<SubjectClient<Details>["exposed"]>;
}
