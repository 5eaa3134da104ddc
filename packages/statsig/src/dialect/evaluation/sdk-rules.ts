import type { JsonObject, PatternGuard, Report } from "@sortition/core/dialect";
import type { Checked } from "../core-members.js";
import type { StatsigUser } from "./user.js";

/** The vendor's SDK whose results are reproduced: `@statsig/statsig-node-core`, or `statsig-node`. */
export type SdkName = "core" | "legacy";

/** Tests the value of a condition. `null`: only the vendor's SDK can test it. */
export type ValueTest = (value: unknown) => boolean | null;

/** Compiles the target of a condition. */
export type Operator = (
  target: unknown,
  guard: PatternGuard,
  path: string,
  report: Report,
) => ValueTest;

/** What differs between the vendor's two SDKs, which disagree on some users. */
export interface SdkRules {
  readonly name: SdkName;
  /** Whether the rules of a disabled gate or config still apply. */
  readonly appliesDisabled: boolean;
  /** Whether layers may merge the values of several rules. */
  readonly mergesLayers: boolean;
  /** Whether the value of a config or a layer may be a list, which is an empty object otherwise. */
  readonly returnsLists: boolean;
  /** @throws DecodeError for a member because of which the SDK rejects a flag, a rule's flag or a condition. */
  check(kind: Checked, wire: JsonObject, path: string): void;
  /** The types of conditions that only this SDK knows. */
  readonly ownTypes: readonly string[];
  /** The value of a gate if a rule matches and the subject is in its share. */
  passed(returnValue: unknown): boolean;
  /** The value of a gate if no rule matches, or the subject is not in the share of the rule that matches. */
  failed(defaultValue: unknown): boolean;
  /** Returns a field of a user. */
  fieldOf(user: StatsigUser, field: string): unknown;
  /** Returns a unit's ID. */
  unitOf(user: StatsigUser, idType: unknown): unknown;
  /** Returns a field of the environment, such as its tier. */
  environmentOf(user: StatsigUser, field: string, tier: Tier): unknown;
  /** Returns the string that is hashed for a unit. */
  textOf(unit: unknown): string;
  /** Returns the name of a type of condition or of an operator. */
  wordOf(word: unknown): string;
  /** Returns the salt of a condition that hashes a unit. */
  saltOf(salt: unknown): string;
  /** Returns the time for an operator. */
  timeFor(operator: unknown, nowMs: number): number | undefined;
  readonly operators: Readonly<Record<string, Operator>>;
}

/** Where the environment's tier comes from. */
export interface Tier {
  /** From the options of the dialect. */
  readonly own: string | null;
  /** From the payload. */
  readonly fallback: string | null;
}
