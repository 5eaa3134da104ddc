import type { Scope, Subject } from "@sortition/core/dialect";
import type { Tri } from "../condition/tri.js";
import type { PosthogExtras } from "../extras.js";
import type { Outcome } from "./outcome.js";

type Properties = Readonly<Record<string, unknown>>;

const NOTHING: Properties = /* @__PURE__ */ Object.freeze({});
const NO_SUBJECT: Subject = { key: "", attributes: {} };

/** The owner of the properties that filters read. */
export type Owner = "person" | "group";

/** A flag on which others depend. */
export interface DependencyTarget {
  /** Evaluates the flag for one call. Returns its result, or the reason why there is none. */
  outcomeFor(call: EvaluationCall): Outcome | Tri;
}

/** A group of conditions or of further groups, which defines a cohort. */
export interface PropertyGroup {
  test(call: EvaluationCall): Tri;
  /** See `CompiledFilter.isUnsupported`. */
  isUnsupported(definitions: Definitions, cohorts: Set<string>): boolean;
}

/** The part of a configuration that evaluations read. */
export interface EvaluatedConfiguration {
  readonly matchingVersion: unknown;
  readonly flagKeys: ReadonlySet<string>;
  /** Returns `null` if there is no such flag or it has other evaluation contexts. */
  flag(key: string): DependencyTarget | null;
  /** Returns `null` if only the server knows the cohort. */
  cohort(id: string): PropertyGroup | null;
  /** Returns the name of a group type, or `null` if there is none. */
  groupType(index: unknown): string | null;
}

/** The definitions of cohorts, group types and other flags. */
export interface Definitions {
  readonly configuration: EvaluatedConfiguration;
}

/** One evaluation, with its subject and groups, its configuration, and the properties that filters read. */
export class EvaluationCall {
  /** Properties of the person, or of the group for which the condition is tested. */
  properties: Properties = NOTHING;
  /** Whether {@link properties} inherits only from `Object.prototype`. */
  arePlain = true;
  /** Key of the group that owns the properties, or `null` for the person. */
  groupKey: unknown = null;
  owner: Owner = "person";
  /** The first property that a filter read and the call lacks, and its owner. */
  missingKey: string | null = null;
  missingOwner: Owner = "person";
  isVersion2 = false;
  /** Number of nested cohorts being tested. */
  cohortDepth = 0;
  /**
   * First filter of the previous condition, with the properties it read. The next condition often begins with the same
   * filter.
   */
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
    this.configuration = scope.configuration as typeof scope.configuration & EvaluatedConfiguration; // always belongs to this dialect
    this.isVersion2 = this.configuration.matchingVersion === 2;
    this.cohortDepth = 0;
    this.missingKey = null;
    this.testedFilter = null;
    this.usePerson();
  }

  /** Releases the data of the caller and the configuration. */
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

  /** Makes filters read the properties of the person. */
  usePerson(): void {
    this.properties = this.#subject.attributes;
    this.arePlain = isPlain(this.properties);
    this.owner = "person";
    this.groupKey = null;
  }

  /** Makes filters read the properties of a group. */
  useGroup(type: string): void {
    const properties = ownMember(this.#groupProperties(), type);
    this.owner = "group";
    this.groupKey = ownMember(this.#groups(), type);
    this.properties = isObject(properties) ? properties : NOTHING;
    this.arePlain = isPlain(this.properties);
  }

  /** Evaluates another flag for the person during this evaluation. */
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

  /** Returns the results of flags on which others depend, by key. */
  dependencies(): Map<string, unknown> {
    return this.#memoOf("dependencies");
  }

  /** Returns memberships by cohort id, for the current properties. */
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

  /** The device id. `undefined` if the person has none, or an empty one. */
  get deviceId(): unknown {
    const id = ownMember(this.#subject.attributes, "$device_id") ?? "";
    return id === "" ? undefined : id;
  }

  noteMissing(key: string): void {
    if (this.missingKey !== null) return;
    this.missingKey = key;
    this.missingOwner = this.owner;
  }

  has(key: string): boolean {
    if (key === this.#addedKey) return true;
    return !this.#isHidden(key) && Object.hasOwn(this.properties, key);
  }

  /**
   * Returns the value of an existing property. See {@link has}. The caller's own value takes precedence over an added
   * one.
   */
  read(key: string): unknown {
    if (Object.hasOwn(this.properties, key)) return this.properties[key];
    return this.owner === "person" ? this.#subject.key : this.groupKey;
  }

  /** The property that each person or group has. */
  get #addedKey(): string {
    return this.owner === "person" ? "distinct_id" : "$group_key";
  }

  /** The native client receives groups as attributes, which are not properties of the person. */
  #isHidden(key: string): boolean {
    if (this.owner === "group" || this.scope.extras !== null) return false;
    return key === "$groups" || key === "$group_properties";
  }

  #groups(): Properties {
    const { extras } = this.scope;
    const groups = extras === null ? ownMember(this.#subject.attributes, "$groups") : extras.groups;
    if (isObject(groups)) return groups;
    // Quirk: a flag fails if groups are not an object (posthog-node).
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
