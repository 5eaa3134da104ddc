import { type ExplainedAllocation, type Explanation, whyText } from "@sortition/core/dialect";
import type { DialectName } from "../config/config.js";
import { resultWords, valueWords } from "./plain-words.js";
import { type NamedVariation, nameVariations } from "./variation-names.js";
import { momentText } from "./window-words.js";

/** The reason for a value, without the vendor's notation. */
export interface PlainReason {
  /** What decided. */
  readonly decided: string;
  /** What was tried before and did not match. */
  readonly unmatched: readonly Unmatched[];
}

/** Allocations that did not match. */
export interface Unmatched {
  /** `unknown`: it cannot be decided whether it matches. */
  readonly outcome: "error" | "fails" | "unknown";
  /** The allocation's key and the reason. */
  readonly words: string;
}

/** What each vendor calls an allocation. */
export const ALLOCATION_NOUNS: Readonly<Record<DialectName, string>> = {
  amplitude: "segment",
  datadog: "allocation",
  eppo: "allocation",
  growthbook: "rule",
  posthog: "condition set",
};

/** Key of the allocation for GrowthBook's default value. */
const DEFAULT = "default";

/** Maximum number of unmatched allocations to name. */
const MAX_UNMATCHED = 3;

/** Maximum number of missing attributes to name. */
const MAX_MISSING = 8;

/** Returns what decided, and what did not match before. */
export function plainReason(explanation: Explanation, dialect: DialectName): PlainReason {
  const { error, flag, reason } = explanation;
  const isExplained = ["assigned", "no-allocation", "unresolved"].includes(reason);
  if (error !== null || flag === null || !isExplained) {
    return { decided: whyText(explanation).replace(/^the default: /, ""), unmatched: [] };
  }
  const { allocations } = flag;
  const noun = ALLOCATION_NOUNS[dialect];
  const { byAllocation } = nameVariations(flag);
  const candidates = allocations.map(
    (it, i): Candidate => ({ ...it, names: byAllocation[i] ?? new Map() }),
  );
  const index = candidates.findIndex(({ outcome }) => outcome === "applies");
  const applied = candidates[index];
  const tried = index < 0 ? candidates : candidates.slice(0, index);
  const unmatched = unmatchedOf(tried.filter(({ outcome }) => outcome !== "not-reached"));
  const because = (decided: string): PlainReason => ({ decided, unmatched });
  if (applied !== undefined) {
    const words = appliedWords(applied, dialect, unmatched.length > 0);
    return because(reason === "assigned" ? words : `${words}; ${defaultVariantWords(applied)}`);
  }
  if (!flag.isEnabled) return because("the flag is disabled");
  if (allocations.length === 0) return because(`the flag has no ${noun}s`);
  const enter = missingWords(flag.missing ?? []);
  if (reason === "unresolved") {
    const why = enter ?? undecidedFlag(allocations) ?? "only PostHog's server can decide it";
    return because(`cannot be decided: ${why}`);
  }
  const outcome = `no ${noun} ${unmatched.length === 0 ? "was checked" : "matched"}`;
  return because(enter === null ? outcome : `${outcome}: ${enter}`);
}

/** Says which attributes to enter; `null` if none is missing. */
function missingWords(missing: readonly string[]): string | null {
  if (missing.length === 0) return null;
  const named = missing.slice(0, MAX_MISSING).map((name) => {
    const [, member, type, property] =
      /^(\$groups|\$group_properties)\.([^.]+)(?:\.(.+))?$/s.exec(name) ?? [];
    if (member === undefined || type === undefined) return name;
    const value = property === undefined ? "…" : { [property]: "…" };
    return `${member} with ${JSON.stringify({ [type]: value })}`;
  });
  const rest = missing.length - named.length;
  return `enter ${[...named, ...(rest === 0 ? [] : [`${rest} more`])].join(", ")}`;
}

/** Names the flag that keeps another one from being decided (PostHog); `null` if none does. */
function undecidedFlag(allocations: readonly ExplainedAllocation[]): string | null {
  const conditions = allocations.flatMap(({ rules }) => rules).flatMap((it) => it.conditions);
  const found = conditions.find(
    ({ operator, outcome }) => outcome === "unknown" && operator === "flag_evaluates_to",
  );
  return found === undefined ? null : `${found.attribute} has no value`;
}

/** An allocation with the names of its variations. */
interface Candidate extends ExplainedAllocation {
  readonly names: ReadonlyMap<string, NamedVariation>;
}

function appliedWords(applied: Candidate, dialect: DialectName, hasUnmatched: boolean): string {
  if (dialect === "growthbook" && applied.key === DEFAULT && applied.rules.length === 0) {
    const why = hasUnmatched ? "no rule matched" : "the feature has no rules";
    return `${why}, so its default value is used`;
  }
  const words = decidersOf(applied);
  if (words.length > 0) return words.join(", and ");
  return hasUnmatched
    ? `no earlier ${ALLOCATION_NOUNS[dialect]} matched`
    : "applies to all subjects";
}

/** Amplitude's SDKs do not return default variants. */
function defaultVariantWords({ key, splits }: ExplainedAllocation): string {
  const given = splits.find(({ outcome }) => outcome === "holds");
  const variant = given === undefined ? "" : ` ${valueWords(given.variation)}`;
  return `${key} gives the default variant${variant}`;
}

/** Names allocations that did not match, and why. */
function unmatchedOf(tried: readonly Candidate[]): readonly Unmatched[] {
  const named = tried.slice(0, MAX_UNMATCHED).map((it): Unmatched => {
    const { key, outcome } = it;
    const words = decidersOf(it).join(", ");
    return {
      outcome: outcome === "unknown" || outcome === "error" ? outcome : "fails",
      words: words === "" ? key : `${key}: ${words}`,
    };
  });
  const rest = tried.length - named.length;
  if (rest === 0) return named;
  return [...named, { outcome: "fails", words: `${rest.toLocaleString("en-US")} more` }];
}

function decidersOf(allocation: Candidate): readonly string[] {
  const { decidedBy, outcome } = allocation;
  if (outcome === "no-split-matches") return ["the subject is in no split"];
  const words = decidedBy.map((it) => deciderWords(allocation, it)).filter((it) => it !== null);
  // A split with several shard conditions is mentioned once.
  return [...new Set(words)];
}

/** @returns `null` if it applies to all subjects. */
function deciderWords(
  { names, rules, splits, window }: Candidate,
  decider: ExplainedAllocation["decidedBy"][number],
): string | null {
  switch (decider.kind) {
    case "window":
      return decider.bound === "start"
        ? `starts ${momentText(window?.startAtMs ?? Number.NaN)}`
        : `ended ${momentText(window?.endAtMs ?? Number.NaN)}`;
    case "condition": {
      const condition = rules[decider.rule]?.conditions[decider.condition];
      return condition === undefined ? null : resultWords(condition);
    }
    case "shard": {
      const split = splits[decider.split];
      const shard = split?.shards[decider.shard];
      if (split === undefined || shard === undefined) return null;
      if (shard.reason !== "") return shard.reason;
      return `in the split for ${names.get(split.variation)?.name ?? split.variation}`;
    }
    case "rule":
      return rules[decider.rule]?.problem ?? null;
    case "split":
      return splits[decider.split]?.problem ?? null;
  }
}
