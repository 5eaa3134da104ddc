import type { Test } from "./conditions.js";

/** Type of a flag. In formats without types it decides what the values of its variations are written as. */
export type FlagType = "boolean" | "string" | "integer" | "number" | "json";

/** A JSON value. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** Shares of the subjects, by variation. */
export interface Split {
  readonly kind: "split";
  /** Per cent, in the order in which they were given. */
  readonly shares: readonly { readonly variation: string; readonly percent: number }[];
  /** Whether subjects are exposed to an experiment; else it is a roll-out. */
  readonly isExperiment: boolean;
}

/** What a rule gives: one variation to everybody, or a split. */
export type Outcome = { readonly kind: "give"; readonly variation: string } | Split;

/** Conditions that must all hold, and what the subjects that pass them get. */
export interface Rule {
  readonly conditions: readonly { readonly attribute: string; readonly test: Test }[];
  /** Keys of the subjects that it is for; `null`: all. */
  readonly subjects: readonly string[] | null;
  readonly outcome: Outcome;
}

/** `malformed` and `disabled` are flags of the payload, `missing` ones are not in it. */
export type FlagState = "active" | "disabled" | "malformed" | "missing";

/** A flag as the builder describes it, before a writer puts it into the words of a format. */
export interface FlagDefinition {
  readonly key: string;
  readonly type: FlagType;
  readonly state: FlagState;
  /** Values by key. */
  readonly variations: ReadonlyMap<string, Json>;
  /** In the order in which they are tried. */
  readonly rules: readonly Rule[];
  /** What the subjects get that no rule is for; `null`: nothing. */
  readonly otherwise: Outcome | null;
}

/** A bandit, and the flag behind which it chooses. */
export interface BanditDefinition {
  readonly key: string;
  /** Probabilities, by action. */
  readonly actions: ReadonlyMap<string, number>;
}
