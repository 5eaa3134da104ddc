import { memberName, OptionError } from "@sortition/core/internal";
import type { Publisher } from "./publisher.js";
import { shown } from "./shown.js";

/** Builder of a bandit, which chooses behind a string flag of the same key. */
export class BanditBuilder {
  readonly #publisher: Publisher;
  readonly #key: string;

  constructor(publisher: Publisher, key: string) {
    this.#publisher = publisher;
    this.#key = key;
  }

  /**
   * Sets the probabilities of the actions for calls that offer exactly these actions. Of `n` actions, only the most
   * probable one may exceed `1 / n`, because Eppo's weights cannot express more.
   *
   * @throws OptionError if the probabilities do not add up to 1, or the format cannot express them.
   */
  actions(probabilities: Readonly<Record<string, number>>): this {
    const call = this.#callText("actions", probabilities);
    const actions = new Map(Object.entries(probabilities ?? {}));
    let sum = 0;
    for (const [name, probability] of actions) {
      if (!(typeof probability === "number" && probability >= 0)) {
        const example = Array.isArray(probabilities) ? probabilities[0] : name;
        const advice = `write actions({ ${memberName(example)}: 1 })`;
        throw new OptionError(call, `${name}: expected a probability of 0 or more: ${advice}`);
      }
      sum += probability;
    }
    if (Math.abs(sum - 1) > 1e-9) {
      throw new OptionError(call, `expected probabilities that add up to 1, received ${sum}`);
    }
    return this.#publish(actions, call);
  }

  /** Chooses this action in every call that offers it. */
  choose(action: string): this {
    const call = this.#callText("choose", action);
    if (typeof action !== "string" || action === "") {
      throw new OptionError(call, "expected the name of an action");
    }
    return this.#publish(new Map([[action, 1]]), call);
  }

  #publish(actions: ReadonlyMap<string, number>, call: string): this {
    this.#publisher.publishBandit({ key: this.#key, actions }, call);
    return this;
  }

  #callText(method: string, value: unknown): string {
    return `flags.bandit(${JSON.stringify(this.#key)}).${method}(${shown(value)})`;
  }
}
