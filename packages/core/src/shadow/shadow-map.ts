import type { OverrideMap } from "../client/overrides.js";
import { OptionError } from "../errors/errors.js";
import { nearestName } from "../errors/nearest-name.js";
import { explainedOn, rejectUnknownOptions } from "../errors/option-checks.js";
import type { Attributes, AttributeValue } from "../model/attributes.js";
import type { Configuration } from "../model/configuration.js";
import type { Override } from "../model/override.js";
import type { Diagnostics } from "../runtime/diagnostics.js";
import { sameValue } from "./same-value.js";

/** The candidate's counterpart of a flag of the primary. */
export interface ShadowFlag {
  /** Key of the flag in the candidate. */
  readonly new: string;
  /** Pairs of equivalent values. Default: both sides use the same values. */
  readonly values?: readonly (readonly [primary: unknown, candidate: unknown])[] | undefined;
}

/** Maps names and values of the primary to those of the candidate, in the format of `sortition diff --map`. */
export interface ShadowMap {
  /** The candidate's flag or its key, by the primary's key. `null` excludes the flag from the candidate. */
  readonly flags?: Readonly<Record<string, string | ShadowFlag | null>> | undefined;
  /** The candidate's attribute names, by the primary's attribute names. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** The attribute whose value is the candidate's subject key. Default: both sides use the same key. */
  readonly subject?: string | undefined;
}

/** Translates names and values between the primary and one side of a shadow. */
export class SideNames {
  readonly #flags: ReadonlyMap<string, ShadowFlag | null>;
  readonly #attributes: readonly (readonly [string, string])[];
  readonly #subject: string | null;

  /** @throws OptionError that names the invalid member. */
  constructor(map: ShadowMap = {}) {
    if (typeof map === "string") {
      const form = 'pass JSON.parse(readFileSync("map.json", "utf8"))';
      throw new OptionError("map", `is a string: for the path of a file, ${form}`);
    }
    rejectUnknownOptions(
      map,
      ["flags", "attributes", "subject", "columns"],
      "map",
      explainedOn("/guides/change-your-vendor.md"),
    );
    const { attributes = {}, flags = {}, subject } = map;
    if (Array.isArray(flags)) {
      throw new OptionError("map.flags", "is a list: pass { flagKey: candidateFlagKey }");
    }
    this.#flags = new Map(Object.entries(flags).map(([key, it]) => [key, flagOf(key, it)]));
    this.#attributes = Object.entries(attributes).map(([name, it]) => [
      name,
      textOf(`map.attributes.${name}`, it),
    ]);
    this.#subject = subject === undefined ? null : textOf("map.subject", subject);
  }

  /** The primary's flag keys in the map. */
  get flagKeys(): readonly string[] {
    return [...this.#flags.keys()];
  }

  /** Returns this side's key of a flag, or `null` if this side must not evaluate it. */
  flagKey(key: string): string | null {
    const flag = this.#flags.get(key);
    return flag === undefined ? key : (flag?.new ?? null);
  }

  /** Whether the map translates values of this flag. */
  hasValues(key: string): boolean {
    return (this.#flags.get(key)?.values?.length ?? 0) > 0;
  }

  /** Translates a value of this side to the primary's value. */
  value(key: string, value: unknown): unknown {
    const pair = this.#flags.get(key)?.values?.find(([, theirs]) => sameValue(theirs, value));
    return pair === undefined ? value : pair[0];
  }

  /** Translates overrides to this side's keys and values. Overrides of excluded flags are dropped. */
  overrides(overrides: OverrideMap): OverrideMap {
    if (this.#flags.size === 0) return overrides;
    const translated = new Map<string, string | Override>();
    for (const [key, it] of overrides) {
      const own = this.flagKey(key);
      if (own === null) continue;
      if (typeof it === "string") translated.set(own, it);
      else translated.set(own, { key: it.key, value: this.#ownValue(key, it.value) });
    }
    return translated;
  }

  /** Translates a value of the primary to this side's value. */
  #ownValue(key: string, value: unknown): unknown {
    const pair = this.#flags.get(key)?.values?.find(([primary]) => sameValue(primary, value));
    return pair === undefined ? value : pair[1];
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
      renamed[theirs] = attributes[name] as AttributeValue; // checked above
    }
    return renamed;
  }
}

/**
 * Rejects a map with a flag key that neither side has, and warns of one that only resembles a key of the primary. Nothing is
 * known before both sides have a configuration.
 *
 * @throws OptionError that suggests the nearest key.
 */
export function checkFlagKeys(
  names: SideNames,
  [primary, candidate]: readonly [Configuration | null, Configuration | null],
  diagnostics: Diagnostics,
): void {
  if (primary === null || candidate === null) return;
  // Not all keys are listed, such as those of parameters.
  const isKnown = (key: string): boolean =>
    primary.flag(key) !== null || candidate.flag(key) !== null;
  for (const key of names.flagKeys) {
    const own = names.flagKey(key) ?? "";
    const isReversed = primary.flag(key) === null && primary.flag(own) !== null;
    if (isReversed && !names.flagKeys.includes(own)) {
      const fact = `the map is reversed, because the primary has ${own} instead`;
      const message = `shadow(): map.flags.${key}: ${fact}: write map: { flags: { primaryKey: candidateKey } }`;
      diagnostics.warn(message, { cause: "unknown flag in the map", flagKey: key });
      continue;
    }
    if (isKnown(key)) continue;
    if (isKnown(own)) {
      // A flag may have left the primary.
      const meant = nearestName(key, primary.flagKeys, key.length / 3);
      if (meant === null || names.flagKeys.includes(meant)) continue;
      const message = `shadow(): map.flags.${key}: neither side has this flag, did you mean ${meant}?`;
      diagnostics.warn(message, { cause: "unknown flag in the map", flagKey: key });
      continue;
    }
    const nearest = nearestName(key, new Set([...primary.flagKeys, ...candidate.flagKeys]));
    const advice = nearest === null ? "" : `, did you mean ${nearest}?`;
    throw new OptionError(`map.flags.${key}`, `neither side has this flag${advice}`);
  }
}

function flagOf(key: string, flag: unknown): ShadowFlag | null {
  const path = `map.flags.${key}`;
  if (flag === null) return null;
  if (typeof flag === "string") return { new: textOf(path, flag) };
  rejectUnknownOptions(flag as object, ["new", "values", "type", "default"], path);
  const { new: newKey, values = [] } = flag as ShadowFlag; // checked above
  if (!Array.isArray(values) || !values.every((it) => Array.isArray(it) && it.length === 2)) {
    throw new OptionError(`${path}.values`, "expected a list of pairs, such as [[1, 2]]");
  }
  return { new: textOf(`${path}.new`, newKey), values };
}

function textOf(path: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new OptionError(path, "expected a non-empty string");
}
