import { OptionError } from "@sortition/core/internal";
import type { Publisher } from "./publisher.js";
import { shown } from "./shown.js";

/** A bandit that is being described, behind a string flag of the same key. */
export class BanditBuilder {
  readonly #publisher: Publisher;
  readonly #key: string;

  constructor(publisher: Publisher, key: string) {
    this.#publisher = publisher;
    this.#key = key;
  }

  /**
   * Probabilities of the actions, for calls that offer all of them and no others. All but the most probable of `n`
   * actions have at most `1 / n`: Eppo's weights cannot give more.
   *
   * @throws OptionError for probabilities that are not 1 together, or that the format cannot say.
   */
  actions(probabilities: Readonly<Record<string, number>>): this {
    const call = this.#callText("actions", probabilities);
    const actions = new Map(Object.entries(probabilities ?? {}));
    let sum = 0;
    for (const [name, probability] of actions) {
      if (!(typeof probability === "number" && probability >= 0)) {
        throw new OptionError(call, `${name}: expected a probability of 0 or more`);
      }
      sum += probability;
    }
    if (Math.abs(sum - 1) > 1e-9) {
      throw new OptionError(call, `expected probabilities of 1 together, received ${sum}`);
    }
    return this.#publish(actions, call);
  }

  /** This action is chosen in every call that offers it. */
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
