import { requireMethods } from "../errors/option-checks.js";
import type { Attributes } from "../model/attributes.js";
import type { BanditActions, BanditSubject } from "../model/bandit.js";
import type { Client } from "./client.js";
import type { BanditDetails, BanditResult } from "./evaluation/bandit-evaluator.js";
import type { FlagDefault, FlagValue, KeyFor, TypedOverrides } from "./typed-flags.js";
import type {
  TypedDetailsGetter,
  TypedGetter,
  TypedJsonDetailsGetter,
  TypedJsonGetter,
} from "./typed-getters.js";
import type { TypedSubjectClient, TypedSubjectOptions } from "./typed-subject-client.js";

type SubjectArguments = [subjectKey: string, subjectAttributes: Attributes | null | undefined];

/**
 * A client whose getters accept only the keys and default values of `Flags`. It differs from a `Client` only at compile
 * time, so no call is checked at run time. `evaluate` accepts any key.
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
  getBooleanAssignment: TypedGetter<Flags, "boolean", SubjectArguments>;
  getIntegerAssignment: TypedGetter<Flags, "integer", SubjectArguments>;
  getNumericAssignment: TypedGetter<Flags, "numeric", SubjectArguments>;
  getStringAssignment: TypedGetter<Flags, "string", SubjectArguments>;
  getJSONAssignment: TypedJsonGetter<Flags, SubjectArguments>;
  getBooleanAssignmentDetails: TypedDetailsGetter<Flags, "boolean", SubjectArguments, Details>;
  getIntegerAssignmentDetails: TypedDetailsGetter<Flags, "integer", SubjectArguments, Details>;
  getNumericAssignmentDetails: TypedDetailsGetter<Flags, "numeric", SubjectArguments, Details>;
  getStringAssignmentDetails: TypedDetailsGetter<Flags, "string", SubjectArguments, Details>;
  getJSONAssignmentDetails: TypedJsonDetailsGetter<Flags, SubjectArguments, Details>;

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
 * @throws OptionError if the argument is not a client.
 */
export function typed<Flags, Details extends object = object, Extras = unknown>(
  client: Client<Details, Extras>,
): TypedClient<Flags, Details, Extras> {
  requireMethods(
    "client",
    client ?? null,
    ["getStringAssignment"],
    ": write typed<AppFlags>(client)",
  );
  return client as TypedClient<Flags, Details, Extras>; // the caller vouches for the flags
}
