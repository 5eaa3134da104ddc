import type { FlagDefinition, Json } from "./definition.js";
import { type Given, RuledFlag } from "./ruled-flag.js";

/** Variations of every boolean flag, by key. */
export const ON_OFF: ReadonlyMap<string, Json> = new Map([
  ["on", true],
  ["off", false],
]);

/** Builder of a boolean flag. Its variations are `on` and `off`, which you can also write as `true` and `false`. */
export class BooleanFlag extends RuledFlag<Given | boolean> {
  /** Returns `true` for all subjects. */
  on(): this {
    return this.#everybody("on");
  }

  /** Returns `false` for all subjects. */
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
