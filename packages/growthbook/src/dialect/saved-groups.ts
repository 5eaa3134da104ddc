import { isJsonObject } from "@sortition/core/dialect";
import { compiledOnce } from "./compiled-once.js";
import { compileCondition } from "./condition/condition.js";
import { compileMembership, type Membership } from "./condition/membership.js";
import { compilePath } from "./condition/path.js";
import type { SavedGroup, SavedGroupSet } from "./evaluation/evaluation-call.js";
import type { CompileOptions } from "./malformed.js";

const UNKNOWN: SavedGroup = { kind: "unknown" };
const MALFORMED: SavedGroup = { kind: "malformed" };
const NO_MEMBERS: Membership = () => false;

/** The saved groups of a payload. Each is compiled on first use. */
export class SavedGroups implements SavedGroupSet {
  readonly #raw: object;
  readonly #options: CompileOptions;
  readonly #groups = new Map<string, SavedGroup>();

  constructor(raw: unknown, options: CompileOptions) {
    this.#raw = typeof raw === "object" && raw !== null ? raw : {};
    this.#options = options;
  }

  /** Returns a group. Only existing groups are cached. */
  group(id: string): SavedGroup {
    return this.#groups.get(id) ?? this.#compile(id);
  }

  /**
   * Returns the membership test for `$inGroup` and `$notInGroup`. An unknown group has no members.
   *
   * @returns `null` if the group has no list of values. Both operators are false then.
   */
  membership(id: string): Membership | null {
    const group = this.group(id);
    if (group.kind === "values" || group.kind === "list") return group.isMember;
    return group.kind === "unknown" ? NO_MEMBERS : null;
  }

  /** Compiles all groups, which reports malformed ones. */
  compileAll(): void {
    for (const id of Object.keys(this.#raw)) this.group(id);
  }

  #compile(id: string): SavedGroup {
    if (!Object.hasOwn(this.#raw, id)) return UNKNOWN;
    const raw = (this.#raw as Readonly<Record<string, unknown>>)[id];
    const group = raw === undefined ? UNKNOWN : this.#groupOf(raw, id);
    this.#groups.set(id, group);
    return group;
  }

  #groupOf(raw: unknown, id: string): SavedGroup {
    const path = `$.savedGroups[${JSON.stringify(id)}]`;
    if (Array.isArray(raw)) return { kind: "values", isMember: compileMembership(raw) };
    if (isJsonObject(raw)) {
      const { attributeKey, condition, type, values } = raw;
      if (type === "list") {
        const isList = Array.isArray(values);
        if (!isList) this.#report(`${path}.values`, "expected an array");
        return {
          kind: "list",
          isMember: isList ? compileMembership(values) : null,
          read: typeof attributeKey === "string" ? compilePath(attributeKey) : null,
        };
      }
      if (type === "condition") {
        const isObject = typeof condition === "object" && condition !== null;
        if (!isObject) this.#report(`${path}.condition`, "expected an object");
        return {
          kind: "condition",
          condition: isObject
            ? compileCondition(condition, `${path}.condition`, this.#options)
            : null,
        };
      }
    }
    this.#report(path, "expected a list of values, or a group of type list or condition");
    return MALFORMED;
  }

  #report(path: string, problem: string): void {
    this.#options.report(path, problem, "malformed");
  }
}

/** Returns the saved groups of an object. */
export const savedGroupsOf: (raw: unknown) => SavedGroups =
  /* @__PURE__ */ compiledOnce(SavedGroups);
