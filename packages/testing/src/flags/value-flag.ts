import { OptionError } from "@sortition/core/internal";
import type { FlagType, Json } from "@sortition/test-kit/flags";
import { jsonText } from "./json-text.js";
import type { Publisher } from "./publisher.js";
import { type Given, RuledFlag } from "./ruled-flag.js";
import { shown } from "./shown.js";

/** Builder of a flag whose variations have values: strings, numbers or JSON. */
export class ValueFlag<Value extends Json> extends RuledFlag {
  readonly #type: FlagType;

  constructor(publisher: Publisher, flag: ConstructorParameters<typeof RuledFlag>[1]) {
    super(publisher, flag);
    this.#type = flag.type;
  }

  /**
   * Declares the variations as values by key. Strings and numbers can also be listed, and are then their own keys.
   *
   * @throws OptionError if a value has another type than the flag.
   */
  variations(byKey: Readonly<Record<string, Value>>): this;
  variations(...values: readonly (Value & (string | number))[]): this;
  variations(...given: readonly (Value | Readonly<Record<string, Value>>)[]): this {
    const [first] = given;
    const call = this.callText("variations", ...given);
    const isTable = given.length === 1 && typeof first === "object" && first !== null;
    const entries: [string, Value][] = isTable
      ? Object.entries(first as Record<string, Value>)
      : (given as readonly Value[]).map((value) => [String(value), value]);
    if (Array.isArray(first) && this.#type !== "json") {
      throw new OptionError(call, `is a list: write variations(${first.map(shown).join(", ")})`);
    }
    if (entries.length === 0) throw new OptionError(call, "expected a variation");
    if (new Set(entries.map(([key]) => key)).size < entries.length) {
      throw new OptionError(call, "expected different keys");
    }
    for (const [key, value] of entries) {
      if (key === "") throw new OptionError(call, "expected keys that are not empty");
      if (isOfType(value, this.#type)) continue;
      const isFraction = this.#type === "integer" && typeof value === "number";
      const form = isFraction ? ": write flags.number(…)" : "";
      const problem = `${key}: expected a value of type ${this.#type}, received ${shown(value)}${form}`;
      throw new OptionError(call, problem);
    }
    // The values are copied, so that the caller cannot change a flag by modifying them later.
    const variations = new Map(
      entries.map(([key, value]) => [key, JSON.parse(jsonText(value, call, key)) as Value]),
    );
    return this.change({ variations, rules: [], otherwise: null }, call);
  }

  protected override keyOf(value: Given): unknown {
    return value;
  }
}

function isOfType(value: unknown, type: FlagType): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isSafeInteger(value);
    case "number":
      return Number.isFinite(value);
    default:
      return typeof value === "object" && value !== null;
  }
}
