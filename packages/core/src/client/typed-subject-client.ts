import type { SubjectClient, SubjectOptions } from "./subject-client.js";
import type { TypedOverrides } from "./typed-flags.js";
import type {
  TypedDetailsGetter,
  TypedGetter,
  TypedJsonDetailsGetter,
  TypedJsonGetter,
} from "./typed-getters.js";

/** Options of a typed client's `forSubject`. `Key` is the union of the overridden flags' keys. */
export interface TypedSubjectOptions<Flags, Extras = unknown, Key extends keyof Flags = never>
  extends SubjectOptions<Extras> {
  readonly overrides?: TypedOverrides<Flags, Key> | undefined;
}

/** A {@link SubjectClient} whose getters accept only the keys and default values of `Flags`, see `TypedClient`. */
export interface TypedSubjectClient<Flags, Details extends object = object>
  extends SubjectClient<Details> {
  getBooleanAssignment: TypedGetter<Flags, "boolean", []>;
  getIntegerAssignment: TypedGetter<Flags, "integer", []>;
  getNumericAssignment: TypedGetter<Flags, "numeric", []>;
  getStringAssignment: TypedGetter<Flags, "string", []>;
  getJSONAssignment: TypedJsonGetter<Flags, []>;
  getBooleanAssignmentDetails: TypedDetailsGetter<Flags, "boolean", [], Details>;
  getIntegerAssignmentDetails: TypedDetailsGetter<Flags, "integer", [], Details>;
  getNumericAssignmentDetails: TypedDetailsGetter<Flags, "numeric", [], Details>;
  getStringAssignmentDetails: TypedDetailsGetter<Flags, "string", [], Details>;
  getJSONAssignmentDetails: TypedJsonDetailsGetter<Flags, [], Details>;

  exposed<Key extends keyof Flags & string>(
    flagKey: Key,
  ): ReturnType<SubjectClient<Details>["exposed"]>;
}
