import type { CompileIssue, Configuration } from "@sortition/core";
import { type Explainer, type FlagDescription, flagReport } from "@sortition/core/dialect";
import { findFlags } from "./find-flags.js";
import { type Page, pageOf } from "./paging.js";

/** A flag in a list. */
export interface ListedFlag {
  /** As the payload has it. */
  readonly key: string;
  readonly type: string | null;
  readonly state: "enabled" | "disabled" | "malformed";
  readonly variations: readonly string[];
  /** Number of the problems of its payload. */
  readonly issues: number;
}

/** Describes the flags whose keys contain a text. */
export function listFlags(
  configuration: Configuration,
  explainer: Explainer,
  { from, search }: { readonly search: string; readonly from: number },
): Page<ListedFlag> {
  const page = pageOf(findFlags(configuration, explainer, search), from);
  const keys = page.items.map((key) => explainer.payloadKey(configuration, key) ?? key);
  const issues = new Map(keys.map((key) => [key, 0]));
  for (const { flagKey } of configuration.issues) {
    const count = flagKey === null ? undefined : issues.get(flagKey);
    if (flagKey !== null && count !== undefined) issues.set(flagKey, count + 1);
  }
  const items = keys.map((key): ListedFlag => {
    const flag = explainer.describe(configuration, key);
    const { isEnabled, problem, valueType, variations } = flag;
    return {
      key,
      type: valueType,
      state: problem !== null ? "malformed" : isEnabled ? "enabled" : "disabled",
      variations: [...new Set(variations.map((it) => it.key))],
      issues: issues.get(key) ?? 0,
    };
  });
  return { ...page, items };
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
  nowMs: number,
): DescribedFlag | null {
  const key = explainer.payloadKey(configuration, flagKey);
  if (key === null) return null;
  const description = explainer.describe(configuration, key);
  return {
    description,
    report: flagReport(description, nowMs),
    issues: configuration.issues.filter((it) => it.flagKey === key),
  };
}
