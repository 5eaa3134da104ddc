import type { FlagDefinition, Json } from "./definition.js";
import { type Given, RuledFlag } from "./ruled-flag.js";

/** Keys of the variations of every boolean flag. */
export const ON_OFF: ReadonlyMap<string, Json> = new Map([
  ["on", true],
  ["off", false],
]);

/** A boolean flag that is being described. Its variations are `on` and `off`; `true` and `false` stand for them. */
export class BooleanFlag extends RuledFlag<Given | boolean> {
  /** Everybody gets `true`. */
  on(): this {
    return this.#everybody("on");
  }

  /** Everybody gets `false`. */
  off(): this {
    return this.#everybody("off");
  }

  protected override keyOf(value: Given | boolean): unknown {
    return typeof value === "boolean" ? (value ? "on" : "off") : value;
  }

  #everybody(variation: string): this {
    const members: Partial<FlagDefinition> = {
      rules: [],
      otherwise: { kind: "give", variation },
    };
    return this.change(members, this.callText(variation));
  }
}
