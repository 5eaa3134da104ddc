import { OptionError } from "../errors/errors.js";
import { nearestName } from "../errors/nearest-name.js";
import { rejectUnknownOptions } from "../errors/option-checks.js";
import type { Attributes, AttributeValue } from "../model/attributes.js";
import { sameValue } from "./same-value.js";

/** A flag of the candidate that replaces a flag of the primary. */
export interface ShadowFlag {
  /** Its key at the candidate. */
  readonly new: string;
  /** Values of the primary, and what they are at the candidate. Default: the same values. */
  readonly values?: readonly (readonly [primary: unknown, candidate: unknown])[] | undefined;
}

/** How names and values of the primary are called at the candidate: the format of `sortition diff --map`. */
export interface ShadowMap {
  /** By the key at the primary: the key at the candidate, or the flag; `null`: the candidate is not asked for it. */
  readonly flags?: Readonly<Record<string, string | ShadowFlag | null>> | undefined;
  /** Names of attributes at the candidate, by those at the primary. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** The attribute whose value is the key of the subject at the candidate. Default: the key is the same. */
  readonly subject?: string | undefined;
}

/** Names and values, as one side of a shadow knows them. */
export class SideNames {
  readonly #flags: ReadonlyMap<string, ShadowFlag | null>;
  readonly #attributes: readonly (readonly [string, string])[];
  readonly #subject: string | null;

  /** @throws OptionError that names the member which is wrong. */
  constructor(map: ShadowMap = {}) {
    rejectUnknownOptions(map, ["flags", "attributes", "subject", "columns"], "map");
    const { attributes = {}, flags = {}, subject } = map;
    this.#flags = new Map(Object.entries(flags).map(([key, it]) => [key, flagOf(key, it)]));
    this.#attributes = Object.entries(attributes).map(([name, it]) => [
      name,
      textOf(`map.attributes.${name}`, it),
    ]);
    this.#subject = subject === undefined ? null : textOf("map.subject", subject);
  }

  /** Keys at the primary that the map names. */
  get flagKeys(): readonly string[] {
    return [...this.#flags.keys()];
  }

  /** Key of a flag at this side; `null`: it is not asked for. */
  flagKey(key: string): string | null {
    const flag = this.#flags.get(key);
    return flag === undefined ? key : (flag?.new ?? null);
  }

  /** Whether values of a flag have other names at this side. */
  hasValues(key: string): boolean {
    return (this.#flags.get(key)?.values?.length ?? 0) > 0;
  }

  /** A value of this side, as the primary calls it. */
  value(key: string, value: unknown): unknown {
    const pair = this.#flags.get(key)?.values?.find(([, theirs]) => sameValue(theirs, value));
    return pair === undefined ? value : pair[0];
  }

  subjectKey(key: string, attributes: Attributes | null | undefined): string {
    if (this.#subject === null) return key;
    const value = attributes?.[this.#subject];
    return value === undefined || value === null ? key : String(value);
  }

  attributes(attributes: Attributes | null | undefined): Attributes | null | undefined {
    if (this.#attributes.length === 0 || !attributes) return attributes;
    const renamed: Record<string, AttributeValue> = { ...attributes };
    for (const [name, theirs] of this.#attributes) {
      if (!Object.hasOwn(attributes, name)) continue;
      delete renamed[name];
      renamed[theirs] = attributes[name] as AttributeValue; // it is there
    }
    return renamed;
  }
}

/**
 * Refuses a map that names a flag which neither side has.
 *
 * @throws OptionError that proposes the nearest key.
 */
export function checkFlagKeys(names: SideNames, known: ReadonlySet<string>): void {
  for (const key of names.flagKeys) {
    if (known.has(key) || known.has(names.flagKey(key) ?? "")) continue;
    const nearest = nearestName(key, known);
    const advice = nearest === null ? "" : `, did you mean ${nearest}?`;
    throw new OptionError(`map.flags.${key}`, `neither side has this flag${advice}`);
  }
}

function flagOf(key: string, flag: unknown): ShadowFlag | null {
  const path = `map.flags.${key}`;
  if (flag === null) return null;
  if (typeof flag === "string") return { new: textOf(path, flag) };
  rejectUnknownOptions(flag as object, ["new", "values", "type", "default"], path);
  const { new: newKey, values = [] } = flag as ShadowFlag; // it is an object
  if (!Array.isArray(values) || !values.every((it) => Array.isArray(it) && it.length === 2)) {
    throw new OptionError(`${path}.values`, "expected pairs such as [[1, 2]]");
  }
  return { new: textOf(`${path}.new`, newKey), values };
}

function textOf(path: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new OptionError(path, "expected a non-empty string");
}
