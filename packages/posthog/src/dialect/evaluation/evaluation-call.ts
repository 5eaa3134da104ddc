import type { Scope, Subject } from "@sortition/core/dialect";
import type { Tri } from "../condition/tri.js";
import type { PosthogExtras } from "../extras.js";
import type { Outcome } from "./outcome.js";

type Properties = Readonly<Record<string, unknown>>;

const NOTHING: Properties = /* @__PURE__ */ Object.freeze({});
const NO_SUBJECT: Subject = { key: "", attributes: {} };

/** Whose properties filters read. */
export type Owner = "person" | "group";

/** A flag as others depend on it: its result, or why there is none. */
export interface DependencyTarget {
  /** Evaluates the flag for one call. */
  outcomeFor(call: EvaluationCall): Outcome | Tri;
}

/** A group of conditions, or of groups: what a cohort is defined by. */
export interface PropertyGroup {
  test(call: EvaluationCall): Tri;
  /** See `CompiledFilter.isUnsupported`. */
  isUnsupported(definitions: Definitions, cohorts: Set<string>): boolean;
}

/** The part of a configuration that evaluations read. */
export interface EvaluatedConfiguration {
  readonly matchingVersion: unknown;
  readonly flagKeys: ReadonlySet<string>;
  /** `null`: there is no such flag, or it has other evaluation contexts. */
  flag(key: string): DependencyTarget | null;
  /** `null`: only the server knows the cohort. */
  cohort(id: string): PropertyGroup | null;
  /** The name of a group type; `null` if there is none. */
  groupType(index: unknown): string | null;
}

/** Where the definitions of cohorts, group types and other flags are. */
export interface Definitions {
  readonly configuration: EvaluatedConfiguration;
}

/** One evaluation: the subject with its groups, the configuration, and the properties that filters read. */
export class EvaluationCall {
  /** Of the person, or of the group that the condition is about. */
  properties: Properties = NOTHING;
  /** Whether all that {@link properties} inherits is in `Object.prototype`. */
  arePlain = true;
  /** The group whose properties these are; `null`: the person's. */
  groupKey: unknown = null;
  owner: Owner = "person";
  isVersion2 = false;
  /** Cohorts within cohorts that are being tested. */
  cohortDepth = 0;
  /** The filter with which the last condition began, and for which properties: the next one often begins alike. */
  testedFilter: unknown = null;
  testedProperties: Properties = NOTHING;
  testedOutcome = 0;
  configuration!: EvaluatedConfiguration;
  scope!: Scope<PosthogExtras>;
  #subject = NO_SUBJECT;
  readonly nowMs = (): number => this.scope.nowMs();

  begin(subject: Subject, scope: Scope<PosthogExtras>): void {
    this.#subject = subject;
    this.scope = scope;
    this.configuration = scope.configuration as typeof scope.configuration & EvaluatedConfiguration; // the dialect's own
    this.isVersion2 = this.configuration.matchingVersion === 2;
    this.cohortDepth = 0;
    this.testedFilter = null;
    this.usePerson();
  }

  /** Releases what belongs to the caller and to one configuration. */
  end(): void {
    this.properties = NOTHING;
    this.testedFilter = null;
    this.testedProperties = NOTHING;
    this.groupKey = null;
    this.#subject = NO_SUBJECT;
    this.configuration = undefined as never; // set again by `begin`
    this.scope = undefined as never;
  }

  get subjectKey(): string {
    return this.#subject.key;
  }

  /** Filters read the properties of the person. */
  usePerson(): void {
    this.properties = this.#subject.attributes;
    this.arePlain = isPlain(this.properties);
    this.owner = "person";
    this.groupKey = null;
  }

  /** Filters read the properties of a group. */
  useGroup(type: string): void {
    const properties = ownMember(this.#groupProperties(), type);
    this.owner = "group";
    this.groupKey = ownMember(this.#groups(), type);
    this.properties = isObject(properties) ? properties : NOTHING;
    this.arePlain = isPlain(this.properties);
  }

  /** Evaluates another flag for the person, in the midst of this evaluation. */
  forPerson(flag: DependencyTarget): Outcome | Tri {
    const { arePlain, cohortDepth, groupKey, owner, properties } = this;
    this.cohortDepth = 0;
    this.usePerson();
    try {
      return flag.outcomeFor(this);
    } finally {
      this.cohortDepth = cohortDepth;
      this.groupKey = groupKey;
      this.owner = owner;
      this.properties = properties;
      this.arePlain = arePlain;
    }
  }

  /** Results of flags that others depend on, by key. */
  dependencies(): Map<string, unknown> {
    return this.#memoOf("dependencies");
  }

  /** Memberships of cohorts, by id, for the properties that are read now. */
  cohortMemo(): Map<string, number> {
    return this.#memoOf(this.properties);
  }

  #memoOf<T>(owner: unknown): Map<string, T> {
    const memo = this.scope.memo();
    const known = memo.get(owner) as Map<string, T> | undefined; // only set below
    if (known !== undefined) return known;
    const made = new Map<string, T>();
    memo.set(owner, made);
    return made;
  }

  hasGroup(type: string): boolean {
    return Object.hasOwn(this.#groups(), type);
  }

  /** The device id; `undefined` if the person has none, or an empty one. */
  get deviceId(): unknown {
    const id = ownMember(this.#subject.attributes, "$device_id") ?? "";
    return id === "" ? undefined : id;
  }

  has(key: string): boolean {
    if (key === this.#addedKey) return true;
    return !this.#isHidden(key) && Object.hasOwn(this.properties, key);
  }

  /** Value of a property that {@link has}. The caller's own comes before an added one. */
  read(key: string): unknown {
    if (Object.hasOwn(this.properties, key)) return this.properties[key];
    return this.owner === "person" ? this.#subject.key : this.groupKey;
  }

  /** The property that each person, or each group, has. */
  get #addedKey(): string {
    return this.owner === "person" ? "distinct_id" : "$group_key";
  }

  /** The native client takes groups as attributes: they are not properties of the person. */
  #isHidden(key: string): boolean {
    if (this.owner === "group" || this.scope.extras !== null) return false;
    return key === "$groups" || key === "$group_properties";
  }

  #groups(): Properties {
    const { extras } = this.scope;
    const groups = extras === null ? ownMember(this.#subject.attributes, "$groups") : extras.groups;
    if (isObject(groups)) return groups;
    // Quirk: a flag that looks for a group elsewhere than in an object fails (posthog-node).
    if (extras !== null) throw new TypeError("the groups are not an object");
    return NOTHING;
  }

  #groupProperties(): Properties {
    const { extras } = this.scope;
    const properties =
      extras === null
        ? ownMember(this.#subject.attributes, "$group_properties")
        : extras.groupProperties;
    return isObject(properties) ? properties : NOTHING;
  }
}

function ownMember(object: Properties, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null;
}

function isPlain(properties: Properties): boolean {
  return Object.getPrototypeOf(properties) === Object.prototype;
}
