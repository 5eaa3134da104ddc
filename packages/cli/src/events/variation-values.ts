import type { Configuration } from "@sortition/core";
import type { CliDialect } from "../dialects/dialect.js";
import { roundedValue } from "../evaluate/exact-json.js";
import { madeOnce } from "../made-once.js";
import { canonicalText } from "../text/canonical-text.js";

/** The variations of a configuration, by flag: their keys, and the keys by value. */
export class VariationValues {
  readonly #configuration: Configuration;
  readonly #explainer: CliDialect["explainer"];
  readonly #flags = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();

  constructor(configuration: Configuration, { explainer }: CliDialect) {
    this.#configuration = configuration;
    this.#explainer = explainer;
  }

  /** The keys of the variations with a value. */
  keysOf(flag: string, value: unknown): readonly string[] {
    const texts = textsOf(roundedValue(value));
    return [...new Set(texts.flatMap((text) => [...(this.#valuesIn(flag).get(text) ?? [])]))];
  }

  /** Whether a flag has a variation with this key. */
  hasKey(flag: string, key: string): boolean {
    return this.#valuesIn(flag).get(KEYS)?.has(key) === true;
  }

  #valuesIn(flag: string): ReadonlyMap<string, ReadonlySet<string>> {
    return madeOnce(this.#flags, flag, () => this.#read(flag));
  }

  #read(flag: string): ReadonlyMap<string, ReadonlySet<string>> {
    const payloadKey = this.#explainer.payloadKey(this.#configuration, flag);
    const variations =
      payloadKey === null
        ? []
        : this.#explainer.describe(this.#configuration, payloadKey).variations;
    const values = new Map<string, Set<string>>([[KEYS, new Set()]]);
    for (const { key, value } of variations) {
      for (const text of [KEYS, ...textsOf(value)]) {
        madeOnce(values, text, () => new Set<string>()).add(key);
      }
    }
    return values;
  }
}

/** Contains all keys. It is not JSON, so it is not the text of a value. */
const KEYS = "keys";

/** The JSON of a value and, if it is a string that contains JSON, as in CSV, also that JSON. */
function textsOf(value: unknown): readonly string[] {
  const own = canonicalText(value);
  if (typeof value !== "string") return [own];
  try {
    return [own, canonicalText(JSON.parse(value))];
  } catch {
    return [own];
  }
}
