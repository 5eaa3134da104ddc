import { memberName, OptionError } from "@sortition/core/internal";
import type {
  FlagDefinition,
  FlagState,
  Outcome,
  Rule,
  Split,
  Test,
} from "@sortition/test-kit/flags";
import { type Condition, isTest, testOf } from "./conditions.js";
import type { Publisher } from "./publisher.js";
import { shown } from "./shown.js";
import { printMistake } from "./test-diagnostics.js";

/** Outcome of a rule: the key of a variation, or a split. */
export type Given = string | Split;

/** A rule that still needs its outcome. */
export interface Giving<Flag, Value = Given> {
  /**
   * Sets the outcome of this rule.
   *
   * @throws OptionError if a variation was not declared, or the format cannot express the rule.
   */
  give(value: Value): Flag;
}

/** Builder of a flag with rules. Every call except `when` and `forSubject` updates the configuration once. */
export abstract class RuledFlag<Value = Given> {
  readonly #publisher: Publisher;
  #flag: FlagDefinition;

  constructor(publisher: Publisher, flag: FlagDefinition) {
    this.#publisher = publisher;
    this.#flag = flag;
  }

  /** Starts a rule for subjects whose attributes match all of these conditions. */
  when(attributes: Readonly<Record<string, Condition>>): Giving<this, Value> {
    const call = this.callText("when", attributes);
    if (typeof attributes === "string") {
      throw new OptionError(call, `got a string: write when({ ${memberName(attributes)}: value })`);
    }
    if (isTest(attributes)) {
      const form = "write when({ attributeName: test })";
      throw new OptionError(call, `got a test without the name of an attribute: ${form}`);
    }
    const conditions = Object.entries(attributes ?? {}).map(([attribute, condition]) => {
      const test: Test | null = testOf(condition);
      if (test !== null) return { attribute, test };
      throw new OptionError(call, `${attribute}: expected a value, a list of values or a test`);
    });
    if (conditions.length === 0) {
      throw new OptionError(call, 'expected conditions by attribute, such as { country: "DK" }');
    }
    return this.#giving({ conditions, subjects: null }, call);
  }

  /** Starts a rule for subjects with these keys. Rules are evaluated in order, so usually this one goes first. */
  forSubject(...subjectKeys: readonly string[]): Giving<this, Value> {
    const call = this.callText("forSubject", ...subjectKeys);
    if (subjectKeys.length === 0 || !subjectKeys.every((key) => typeof key === "string" && key)) {
      throw new OptionError(call, "expected subject keys");
    }
    return this.#giving({ conditions: [], subjects: subjectKeys }, call);
  }

  /**
   * Sets the outcome for all other subjects. Without it, they get the caller's default.
   *
   * @throws OptionError if it is called twice, a variation was not declared, or the format cannot express the flag.
   */
  otherwise(value: Value): this {
    const call = this.callText("otherwise", value);
    if (this.#flag.otherwise !== null) {
      throw new OptionError(call, "expected a single `otherwise`, but this flag already has one");
    }
    return this.change({ otherwise: this.#outcomeOf(value, call) }, call);
  }

  /** Keeps the flag in the configuration, but switches it off. */
  disabled(): this {
    return this.#as("disabled");
  }

  /** Removes the flag from the configuration. */
  missing(): this {
    return this.#as("missing");
  }

  /** Keeps the flag in the configuration, but makes it malformed. */
  malformed(): this {
    return this.#as("malformed");
  }

  /**
   * Returns the key of the variation that corresponds to a value. Undeclared keys are rejected
   * later.
   */
  protected abstract keyOf(value: Value): unknown;

  /** Publishes the flag with these members. If this throws, nothing has changed. */
  protected change(members: Partial<FlagDefinition>, call: string): this {
    const flag: FlagDefinition = { ...this.#flag, state: "active", ...members };
    this.#publisher.publishFlag(flag, call);
    this.#flag = flag;
    return this;
  }

  /** Returns the call as it appears in errors. */
  protected callText(method: string, ...values: readonly unknown[]): string {
    const { key, type } = this.#flag;
    const texts = values.map((value) => (isSplit(value) ? "split(…)" : shown(value)));
    return `flags.${type}(${JSON.stringify(key)}).${method}(${texts.join(", ")})`;
  }

  #as(state: FlagState): this {
    return this.change({ state }, this.callText(state));
  }

  #giving(rule: Omit<Rule, "outcome">, started: string): Giving<this, Value> {
    let isGiven = false;
    void Promise.resolve().then(() => {
      if (!isGiven) printMistake(`${started} has no effect: add .give(…) to it`);
    });
    return {
      give: (value) => {
        isGiven = true;
        const call = this.callText("give", value);
        const outcome = this.#outcomeOf(value, call);
        return this.change({ rules: [...this.#flag.rules, { ...rule, outcome }] }, call);
      },
    };
  }

  #outcomeOf(value: Value, call: string): Outcome {
    const outcome: Outcome = isSplit(value)
      ? value
      : { kind: "give", variation: this.keyOf(value) as string }; // checked below
    const used = isSplit(outcome)
      ? outcome.shares.map(({ variation }) => variation)
      : [outcome.variation];
    const { variations } = this.#flag;
    const unknown = used.find((it) => !variations.has(it));
    if (unknown === undefined) return outcome;
    const known = [...variations.keys()].map((it) => JSON.stringify(it)).join(", ");
    if (known === "") {
      const names = used.map((it) => shown(it)).join(", ");
      const problem = `expected variations to be declared first: write .variations(${names})`;
      throw new OptionError(call, problem);
    }
    throw new OptionError(call, `expected one of ${known}, received ${shown(unknown)}`);
  }
}

function isSplit(value: unknown): value is Split {
  return (value as { readonly kind?: unknown } | null | undefined)?.kind === "split";
}
