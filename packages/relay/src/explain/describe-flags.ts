import type { Clock, CompileIssue, Configuration } from "@sortition/core";
import type {
  AllocationDescription,
  DialectWords,
  Explainer,
  FlagDescription,
} from "@sortition/core/dialect";
import {
  flagReport,
  type NamedVariation,
  nameOf,
  nameVariations,
  rulesWords,
  windowStateAt,
} from "@sortition/core/dialect-internal";
import { findFlags } from "./find-flags.js";
import { otherwiseOf } from "./otherwise.js";
import { type Page, pageOf } from "./paging.js";

export const FLAG_STATES = ["enabled", "disabled", "malformed"] as const;

/** One of `FLAG_STATES`. */
export type FlagState = (typeof FLAG_STATES)[number];

/** How an allocation splits the subjects that match its rules. */
export interface ListedSplit {
  readonly allocation: string;
  /** Which subjects it splits: `country is DE`. `null`: all subjects. */
  readonly audience: string | null;
  readonly shares: readonly ListedShare[];
}

/** The share of a variation. */
export interface ListedShare extends NamedVariation {
  readonly variation: string;
  /** Between 0 and 1. The shares of a split may add up to less than 1. */
  readonly share: number;
}

/** A flag in a list. */
export interface ListedFlag {
  /** As the payload has it. */
  readonly key: string;
  readonly type: string | null;
  readonly state: FlagState;
  readonly variations: readonly string[];
  /** Names of the variations, or else their values. */
  readonly names: readonly string[];
  readonly allocations: number;
  /** Keys of the allocations in order, without GrowthBook's default value. */
  readonly allocationKeys: readonly string[];
  /** Split of the active allocation with the most variations; `null` if no allocation is active. */
  readonly split: ListedSplit | null;
  /** Number of the problems of its payload. */
  readonly issues: number;
}

/** Which flags to list. */
export interface FlagsQuery {
  /** Part of the key; empty for all flags. */
  readonly search: string;
  /** Whether to list a flag, by its key in the payload; `null` for all flags. */
  readonly isListed: ((key: string) => boolean) | null;
  /** Index of the first flag. */
  readonly from: number;
  /** All issues of the configuration. */
  readonly issues: readonly CompileIssue[];
  /** Decides which allocations are active, epoch ms. */
  readonly nowMs: number;
}

/** Describes the flags that match a query. */
export function listFlags(
  configuration: Configuration,
  explainer: Explainer,
  { from, isListed, issues, nowMs, search }: FlagsQuery,
): Page<ListedFlag> {
  const payloadKey = (key: string): string => explainer.payloadKey(configuration, key) ?? key;
  const found = findFlags(configuration, explainer, search);
  const listed = isListed === null ? found : found.filter((key) => isListed(payloadKey(key)));
  const page = pageOf(listed, from);
  const keys = page.items.map(payloadKey);
  const counts = new Map(keys.map((key) => [key, 0]));
  for (const { flagKey } of issues) {
    const count = flagKey === null ? undefined : counts.get(flagKey);
    if (flagKey !== null && count !== undefined) counts.set(flagKey, count + 1);
  }
  const items = keys.map((key): ListedFlag => {
    const flag = explainer.describe(configuration, key);
    const { allocations, valueType, variations } = flag;
    return {
      key,
      type: valueType,
      state: flagState(flag),
      variations: [...new Set(variations.map((it) => it.key))],
      names: [...new Set(variations.map(nameOf))],
      allocations: allocations.length,
      allocationKeys: otherwiseOf(flag, explainer.words).allocations.map((it) => it.key),
      split: widestSplit(flag, nowMs, explainer.words),
      issues: counts.get(key) ?? 0,
    };
  });
  return { ...page, items };
}

/** Flags that are described without a pause: a few milliseconds. */
const SLICE = 100;

/** The state of each flag by its key in the payload. Describes all flags, in slices. */
export async function flagStates(
  configuration: Configuration,
  explainer: Explainer,
  clock: Pick<Clock, "yieldNow">,
): Promise<ReadonlyMap<string, FlagState>> {
  const states = new Map<string, FlagState>();
  for (const key of configuration.flagKeys) {
    states.set(key, flagState(explainer.describe(configuration, key)));
    if (states.size % SLICE === 0) await clock.yieldNow();
  }
  return states;
}

export function flagState({ isEnabled, problem }: FlagDescription): FlagState {
  if (problem !== null) return "malformed";
  return isEnabled ? "enabled" : "disabled";
}

function widestSplit(
  flag: FlagDescription,
  nowMs: number,
  words: DialectWords,
): ListedSplit | null {
  let widest: AllocationDescription | null = null;
  for (const allocation of flag.allocations) {
    const { traffic, window } = allocation;
    if (traffic === null || windowStateAt(window, nowMs) !== "open") continue;
    if (traffic.byVariation.size > (widest?.traffic?.byVariation.size ?? 0)) widest = allocation;
  }
  if (widest === null) return null;
  const names = nameVariations(flag).byAllocation[flag.allocations.indexOf(widest)];
  const shares = [...(widest.traffic?.byVariation ?? [])].map(([variation, share]) => {
    const { index = -1, name = variation } = names?.get(variation) ?? {};
    return { variation, share, name, index };
  });
  const audience = widest.rules.length === 0 ? null : rulesWords(widest.rules, words);
  return { allocation: widest.key, audience, shares };
}

/** One flag: its description, the same as plain JSON, and its issues. */
export interface DescribedFlag {
  readonly description: FlagDescription;
  readonly report: object;
  readonly issues: readonly CompileIssue[];
}

/** @returns `null` if there is no such flag. */
export function describeFlag(
  configuration: Configuration,
  explainer: Explainer,
  flagKey: string,
  { issues, nowMs }: Pick<FlagsQuery, "issues" | "nowMs">,
): DescribedFlag | null {
  const key = explainer.payloadKey(configuration, flagKey);
  if (key === null) return null;
  const description = explainer.describe(configuration, key);
  return {
    description,
    report: flagReport(description, nowMs),
    issues: issues.filter((it) => it.flagKey === key),
  };
}
