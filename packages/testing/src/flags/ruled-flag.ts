import { OptionError } from "@sortition/core/internal";
import { type Condition, type Test, testOf } from "./conditions.js";
import type { FlagDefinition, FlagState, Outcome, Rule, Split } from "./definition.js";
import type { Publisher } from "./publisher.js";
import { shown } from "./shown.js";

/** What a rule gives: a variation by its key, or shares of several. */
export type Given = string | Split;

/** Waits for what its subjects get. */
export interface Giving<Flag, Value = Given> {
  /**
   * What the subjects of this rule get.
   *
   * @throws OptionError for a variation that was not declared, or what the format cannot say.
   */
  give(value: Value): Flag;
}

/** A flag that is being described. Every call but `when` and `forSubject` is one update of the configuration. */
export abstract class RuledFlag<Value = Given> {
  readonly #publisher: Publisher;
  #flag: FlagDefinition;

  constructor(publisher: Publisher, flag: FlagDefinition) {
    this.#publisher = publisher;
    this.#flag = flag;
  }

  /** A rule for the subjects whose attributes pass all of these. */
  when(attributes: Readonly<Record<string, Condition>>): Giving<this, Value> {
    const call = this.callText("when", attributes);
    const conditions = Object.entries(attributes ?? {}).map(([attribute, condition]) => {
      const test: Test | null = testOf(condition);
      if (test !== null) return { attribute, test };
      throw new OptionError(call, `${attribute}: expected a value, a list of values or a test`);
    });
    if (conditions.length === 0) throw new OptionError(call, "expected conditions by attribute");
    return this.#giving({ conditions, subjects: null });
  }

  /** A rule for subjects with these keys. Put it before the others, unless they are to go first. */
  forSubject(...subjectKeys: readonly string[]): Giving<this, Value> {
    if (subjectKeys.length === 0 || !subjectKeys.every((key) => typeof key === "string" && key)) {
      throw new OptionError(this.callText("forSubject", ...subjectKeys), "expected subject keys");
    }
    return this.#giving({ conditions: [], subjects: subjectKeys });
  }

  /**
   * What all other subjects get. Without it they get the default of the caller.
   *
   * @throws OptionError for a second call, a variation that was not declared, or what the format cannot say.
   */
  otherwise(value: Value): this {
    const call = this.callText("otherwise", value);
    if (this.#flag.otherwise !== null) {
      throw new OptionError(call, "expected one `otherwise`, and this flag has it already");
    }
    return this.change({ otherwise: this.#outcomeOf(value, call) }, call);
  }

  /** The flag is in the configuration, and switched off. */
  disabled(): this {
    return this.#as("disabled");
  }

  /** The flag is not in the configuration. */
  missing(): this {
    return this.#as("missing");
  }

  /** The flag is in the configuration, and damaged. */
  malformed(): this {
    return this.#as("malformed");
  }

  /** The key of the variation that a value means. A key that was not declared is refused later. */
  protected abstract keyOf(value: Value): unknown;

  /** Publishes the flag with these members; nothing has changed if it throws. */
  protected change(members: Partial<FlagDefinition>, call: string): this {
    const flag: FlagDefinition = { ...this.#flag, state: "active", ...members };
    this.#publisher.publishFlag(flag, call);
    this.#flag = flag;
    return this;
  }

  /** The call as errors name it. */
  protected callText(method: string, ...values: readonly unknown[]): string {
    const { key, type } = this.#flag;
    const texts = values.map((value) => (isSplit(value) ? "split(…)" : shown(value)));
    return `flags.${type}(${JSON.stringify(key)}).${method}(${texts.join(", ")})`;
  }

  #as(state: FlagState): this {
    return this.change({ state }, this.callText(state));
  }

  #giving(rule: Omit<Rule, "outcome">): Giving<this, Value> {
    return {
      give: (value) => {
        const call = this.callText("give", value);
        const outcome = this.#outcomeOf(value, call);
        return this.change({ rules: [...this.#flag.rules, { ...rule, outcome }] }, call);
      },
    };
  }

  #outcomeOf(value: Value, call: string): Outcome {
    const outcome: Outcome = isSplit(value)
      ? value
      : { kind: "give", variation: this.keyOf(value) as string }; // a declared one, as is checked next
    const used = isSplit(outcome)
      ? outcome.shares.map(({ variation }) => variation)
      : [outcome.variation];
    const { variations } = this.#flag;
    const unknown = used.find((it) => !variations.has(it));
    if (unknown === undefined) return outcome;
    const known = [...variations.keys()].map((it) => JSON.stringify(it)).join(", ");
    const expected = known === "" ? "variations to be declared first" : `one of ${known}`;
    throw new OptionError(call, `expected ${expected}, received ${shown(unknown)}`);
  }
}

function isSplit(value: unknown): value is Split {
  return (value as { readonly kind?: unknown } | null | undefined)?.kind === "split";
}
