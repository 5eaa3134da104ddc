import type { AttributesByKind, ScalarAttributes } from "./attributes.js";
import type { BanditChoice } from "./exposure.js";

/** Attributes of the subject of a bandit call, by kind or flat. Flat attributes are split by type. */
export type BanditSubject = AttributesByKind | ScalarAttributes;

/**
 * Actions of a bandit call: only names, or attributes by name, each by kind or flat. Unless all actions have attributes
 * by kind, all are treated as flat.
 */
export type BanditActions =
  | readonly string[]
  | Readonly<Record<string, AttributesByKind>>
  | Readonly<Record<string, ScalarAttributes>>;

/** Score and weight of one action for one subject. */
export interface WeighedAction {
  readonly action: string;
  readonly score: number;
  /** Probability of being drawn, from 0 to 1 (more if the model's floor requires it). */
  readonly weight: number;
}

/** A compiled bandit. */
export interface CompiledBandit {
  readonly key: string;
  /**
   * Draws an action for a subject, deterministically. Returns `null` without actions.
   *
   * @throws any error that the vendor's SDK would throw. The client converts it to an evaluation error.
   */
  choose(
    flagKey: string,
    subjectKey: string,
    subject: BanditSubject,
    actions: BanditActions,
  ): BanditChoice | null;
  /** Returns the actions that {@link choose} draws from, in the order of keys. Throws like `choose`. */
  weighed(subject: BanditSubject, actions: BanditActions): readonly WeighedAction[];
  /** Returns the action with the best score, or `null`. Throws like {@link choose}. */
  best(subject: BanditSubject, actions: BanditActions): string | null;
}

/** Capability of a configuration whose flags may have bandits behind their variations. */
export interface Bandits {
  /** Keys of all bandit models. */
  readonly keys: ReadonlySet<string>;
  /**
   * Returns the bandit behind a variation of a flag, or `null`.
   *
   * @param flagKey - the requested key.
   * @param variationValue - the value that the caller receives, which may be its default value.
   */
  behind(flagKey: string, variationValue: unknown): CompiledBandit | null;
  /** Returns the first bandit behind any variation of a flag, or `null`. */
  first(flagKey: string): CompiledBandit | null;
  /**
   * Adds a step of the bandit to a record that `Trace.details` returned. It changes the record in place, because the
   * assignment event refers to it. Absent if the dialect's details do not mention bandits.
   */
  addToDetails?(details: object, step: BanditStep): void;
}

/** A step of a bandit call, for {@link Bandits.addToDetails}. */
export type BanditStep =
  | { readonly kind: "reached"; readonly banditKey: string }
  | { readonly kind: "chosen"; readonly action: string }
  /** `variation`: the value that the caller still receives. */
  | { readonly kind: "failed"; readonly message: string; readonly variation: unknown };
