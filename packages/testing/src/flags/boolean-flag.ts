import { OptionError } from "@sortition/core/internal";
import type { FlagDefinition, Json } from "@sortition/test-kit/flags";
import { type Given, RuledFlag } from "./ruled-flag.js";

/** Variations of every boolean flag, by key. */
export const ON_OFF: ReadonlyMap<string, Json> = new Map([
  ["on", true],
  ["off", false],
]);

/** Builder of a boolean flag. Its variations are `on` and `off`, which you can also write as `true` and `false`. */
export class BooleanFlag extends RuledFlag<Given | boolean> {
  /** Returns `true` for all subjects. */
  on(): this;
  on(...others: readonly unknown[]): this {
    this.#requireNone("on", others);
    return this.#everybody("on");
  }

  /** Returns `false` for all subjects. */
  off(): this;
  off(...others: readonly unknown[]): this {
    this.#requireNone("off", others);
    return this.#everybody("off");
  }

  protected override keyOf(value: Given | boolean): unknown {
    return typeof value === "boolean" ? (value ? "on" : "off") : value;
  }

  /** @param others - arguments that JavaScript may pass, such as `false`. */
  #requireNone(method: string, others: readonly unknown[]): void {
    if (others.length === 0) return;
    const form = others[0] === false ? (method === "on" ? "off()" : "on()") : `${method}()`;
    throw new OptionError(this.callText(method, ...others), `takes no argument: write ${form}`);
  }

  #everybody(variation: string): this {
    const members: Partial<FlagDefinition> = {
      rules: [],
      otherwise: { kind: "give", variation },
    };
    return this.change(members, this.callText(variation));
  }
}
