import type { Scope } from "@sortition/core/dialect";
import type { AttributeReference } from "./attribute-reference.js";
import { legacyUser } from "./legacy-user.js";

type Members = Readonly<Record<string, unknown>>;

const NO_MEMBERS: Members = /* @__PURE__ */ Object.freeze({});
const USER = "user";
const USER_ONLY: readonly string[] = [USER];
const KIND = /^(\w|\.|-)+$/;

/** The contexts for which a flag is evaluated, one per kind. Reused for each call. */
export class EvaluationContext {
  /** The members of the only context, or of none if there are several. */
  #single = NO_MEMBERS;
  #singleKind = USER;
  #singleKey = "";
  /** Whether the key is not one of the members. */
  #hasOuterKey = true;
  /** Several contexts by kind, or `null`. */
  #several: Members | null = null;
  #isNative = true;
  /** Receives the kinds that are read and not there, if the subject names no kinds, so that it may lack some. */
  #lacking: Pick<Scope, "lacks"> | null = null;
  /** Whether the last subject was refused because a context has no key. */
  lacksKey = false;

  /**
   * Reads a subject of the native client: its key is that of a user, and its attributes are the user's. Attributes with a
   * `kind` are a context of this kind, or several contexts.
   *
   * @param scope - is told which kinds are missing.
   * @returns why it is not a context, or `null`.
   */
  useSubject(
    subjectKey: string,
    attributes: Members,
    scope: Pick<Scope, "lacks"> | null = null,
  ): string | null {
    this.#isNative = true;
    this.lacksKey = false;
    const kind = attributes["kind"] ?? null;
    this.#lacking = kind === null ? scope : null;
    if (kind === "multi") return this.#useSeveral(attributes);
    if (kind !== null && !isKind(kind)) {
      return `the attribute "kind" is not a kind of context: expected letters, digits, ".", "_" or "-"`;
    }
    const key = kind === null ? null : keyIn(attributes, true);
    if (key !== null && !isKey(key)) return this.#noKey(kind as string);
    const ownKey = (key as string | null) ?? subjectKey; // checked above
    if (ownKey === "") return this.#noKey((kind as string | null) ?? USER);
    this.#useOne((kind as string | null) ?? USER, ownKey, attributes);
    this.#hasOuterKey = true;
    return null;
  }

  /**
   * Reads a context of the vendor's SDK, which may be a legacy user.
   *
   * @returns why it is not a context, or `null`.
   */
  useContext(context: unknown): string | null {
    this.#isNative = false;
    this.#lacking = null;
    this.lacksKey = false;
    if (typeof context !== "object" || context === null) return "the context is not an object";
    const members = context as Members;
    const kind = "kind" in members ? (members["kind"] ?? null) : null;
    if (kind === "multi") return this.#useSeveral(members);
    if (kind !== null) {
      if (!isKind(kind)) return "the context has an invalid kind";
      const { key } = members;
      return isKey(key) ? this.#useOne(kind, key, members) : this.#noKey(kind);
    }
    if ((members["key"] ?? null) === null) return this.#noKey(USER);
    const user = legacyUser(members);
    return this.#useOne(USER, user["key"] as string, user);
  }

  /** Releases the caller's data. */
  clear(): void {
    this.#single = NO_MEMBERS;
    this.#several = null;
    this.#lacking = null;
  }

  /** The key of the user or, if there is none, of the first context: the subject of exposures. */
  get subjectKey(): string | undefined {
    return this.keyOf(this.has(USER) ? USER : (this.kinds[0] ?? ""));
  }

  /** The kinds of the contexts. */
  get kinds(): readonly string[] {
    if (this.#several !== null) return Object.keys(this.#several).filter((it) => it !== "kind");
    return this.#singleKind === USER ? USER_ONLY : [this.#singleKind];
  }

  has(kind: string): boolean {
    return this.#membersOf(kind) !== undefined;
  }

  /** Returns the key of the context of a kind, or `undefined` if there is none. */
  keyOf(kind: string): string | undefined {
    if (this.#several === null) {
      if (kind === this.#singleKind) return this.#singleKey;
      this.#lacking?.lacks?.(kind);
      return undefined;
    }
    const members = this.#membersOf(kind);
    return members && (keyIn(members, this.#isNative) as string); // checked when it was read
  }

  /** Returns the value of an attribute of the context of a kind, or `undefined`. */
  valueOf({ isKind: readsKinds, names }: AttributeReference, kind: string): unknown {
    if (readsKinds) return this.kinds;
    const members = this.#membersOf(kind);
    const first = names[0] as string; // references have at least one name
    if (members === undefined) {
      // Quirk: among several contexts, a kind such as "toString" is one without attributes, so it is not anonymous (launchdarkly).
      const isInherited = this.#several !== null && kind in Object.prototype;
      return isInherited && names.length === 1 && first === "anonymous" ? false : undefined;
    }
    if (names.length === 1) {
      if (first === "anonymous") return Boolean(members["anonymous"]);
      if (first === "key" && (this.#hasOuterKey || this.#isNative)) return this.keyOf(kind);
      return Object.hasOwn(members, first) ? members[first] : undefined;
    }
    // The kind of a single context is a string, whatever the members contain.
    if (first === "kind" && this.#several === null) return undefined;
    let value: unknown = members;
    for (const name of names) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
      if (!Object.hasOwn(value, name)) return undefined;
      value = (value as Members)[name];
    }
    return value;
  }

  #membersOf(kind: string): Members | undefined {
    if (this.#several === null) {
      if (kind === this.#singleKind) return this.#single;
      this.#lacking?.lacks?.(kind);
      return undefined;
    }
    if (kind === "kind" || !Object.hasOwn(this.#several, kind)) return undefined;
    return this.#several[kind] as Members; // checked when it was read
  }

  #noKey(kind: string): string {
    this.lacksKey = true;
    return `the context of kind "${kind}" has no key: add one, such as { kind: "${kind}", key: "…" }`;
  }

  #useOne(kind: string, key: string, members: Members): null {
    this.#several = null;
    this.#hasOuterKey = false;
    this.#single = members;
    this.#singleKind = kind;
    this.#singleKey = key;
    return null;
  }

  #useSeveral(contexts: Members): string | null {
    const kinds = Object.keys(contexts).filter((it) => it !== "kind");
    if (kinds.length === 0) return 'a context of kind "multi" contains no other context';
    for (const kind of kinds) {
      if (!isKind(kind)) return "the context has an invalid kind";
      const members = contexts[kind];
      if (typeof members !== "object" || members === null || Array.isArray(members)) {
        return `the context of kind "${kind}" is not an object`;
      }
      if (!isKey(keyIn(members as Members, this.#isNative))) return this.#noKey(kind);
    }
    const [kind = ""] = kinds;
    if (kinds.length === 1) {
      const members = contexts[kind] as Members;
      return this.#useOne(kind, keyIn(members, this.#isNative) as string, members);
    }
    this.#hasOuterKey = false;
    this.#several = contexts;
    return null;
  }
}

/** Returns the key of a context. OpenFeature's evaluation context has another name for it. */
function keyIn(members: Members, isNative: boolean): unknown {
  const key = members["key"] ?? null;
  return key === null && isNative ? (members["targetingKey"] ?? null) : key;
}

function isKind(value: unknown): value is string {
  return typeof value === "string" && value !== "kind" && KIND.test(value);
}

function isKey(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
