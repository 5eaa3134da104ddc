import type { AttributesByKind, ScalarAttributes } from "./attributes.js";
import type { BanditChoice } from "./exposure.js";

/** Attributes of the subject of a bandit call: by kind, or flat, which are then divided by type. */
export type BanditSubject = AttributesByKind | ScalarAttributes;

/**
 * Actions of a bandit call: names alone, or attributes by name, by kind or flat. Unless the attributes of
 * all actions are by kind, all are treated as flat.
 */
export type BanditActions =
  | readonly string[]
  | Readonly<Record<string, AttributesByKind>>
  | Readonly<Record<string, ScalarAttributes>>;

/** Score and weight of one action for one subject. */
export interface WeighedAction {
  readonly action: string;
  readonly score: number;
  /** Probability of being drawn, 0 … 1 (more if the floor of the model requires it). */
  readonly weight: number;
}

/** A compiled bandit. */
export interface CompiledBandit {
  readonly key: string;
  /**
   * Draws an action for a subject, deterministically; `null` without actions.
   *
   * @throws any error that the vendor's SDK would throw; the client converts it to an evaluation error.
   */
  choose(
    flagKey: string,
    subjectKey: string,
    subject: BanditSubject,
    actions: BanditActions,
  ): BanditChoice | null;
  /** The actions that {@link choose} draws from, in the order of keys. Throws as `choose` does. */
  weighed(subject: BanditSubject, actions: BanditActions): readonly WeighedAction[];
  /** The action with the best score; `null` if there is none. Throws as {@link choose} does. */
  best(subject: BanditSubject, actions: BanditActions): string | null;
}

/** Capability of a configuration whose flags may have bandits behind their variations. */
export interface Bandits {
  /** Keys of all bandit models. */
  readonly keys: ReadonlySet<string>;
  /**
   * The bandit that chooses behind a variation of a flag; `null` if there is none.
   *
   * @param flagKey - the requested key.
   * @param variationValue - what the caller receives, which may be its default value.
   */
  behind(flagKey: string, variationValue: unknown): CompiledBandit | null;
  /** The first bandit behind any variation of a flag; `null` if there is none. */
  first(flagKey: string): CompiledBandit | null;
  /**
   * Adds what the bandit did to a record that `Trace.details` returned. In place: the assignment event
   * refers to the same record. Absent if the dialect's details do not mention bandits.
   */
  addToDetails?(details: object, step: BanditStep): void;
}

/** A step of a bandit call, as {@link Bandits.addToDetails} receives it. */
export type BanditStep =
  | { readonly kind: "reached"; readonly banditKey: string }
  | { readonly kind: "chosen"; readonly action: string }
  /** `variation`: the value that the caller receives nevertheless. */
  | { readonly kind: "failed"; readonly message: string; readonly variation: unknown };
