import type { JsonObject } from "../../conditions/decode.js";
import type { ExplainedAllocation, Explanation } from "../explanation.js";
import { outcomeText } from "../text/outcome-text.js";
import { shareText } from "../text/values.js";
import { allocationName } from "./allocation-names.js";
import { factWords } from "./condition-words.js";
import { type NamedVariation, nameVariations } from "./variation-names.js";
import { momentText } from "./window-words.js";
import type { DialectWords } from "./words.js";

/** The reason for a value, without the vendor's notation. */
export interface PlainReason {
  /** What decided. */
  readonly decided: string;
  /** The allocations that were tried first and did not match. */
  readonly unmatched: readonly Unmatched[];
}

/** Allocations that did not match. */
export interface Unmatched {
  /** `unknown`: the given data do not decide whether it matches. */
  readonly outcome: "error" | "fails" | "unknown";
  /** The allocation's key and the reason. */
  readonly words: string;
}

/** Maximum number of unmatched allocations to name. */
const MAX_UNMATCHED = 3;

/** Maximum number of missing attributes to name. */
const MAX_MISSING = 8;

/**
 * Returns what decided a value, and the earlier allocations that did not match.
 *
 * @param attributes - of the subject.
 */
export function plainReason(
  explanation: Explanation,
  dialect: DialectWords,
  attributes: JsonObject,
): PlainReason {
  const { error, flag, reason } = explanation;
  const isExplained = ["assigned", "no-allocation", "unresolved"].includes(reason);
  if (error !== null || flag === null || !isExplained) {
    return { decided: outcomeText(explanation).replace(/^the default: /, ""), unmatched: [] };
  }
  const { allocations } = flag;
  const { noun } = dialect;
  const { byAllocation } = nameVariations(flag);
  const candidates = allocations.map(
    (it, i): Candidate => ({
      ...it,
      ...{ attributes, dialect, noun, names: byAllocation[i] ?? new Map() },
      name: allocationName(it.key, i, dialect),
    }),
  );
  const index = candidates.findIndex(({ outcome }) => outcome === "applies");
  const applied = candidates[index];
  const tried = index < 0 ? candidates : candidates.slice(0, index);
  const unmatched = unmatchedOf(tried.filter(({ outcome }) => outcome !== "not-reached"));
  const because = (decided: string): PlainReason => ({ decided, unmatched });
  if (applied !== undefined) {
    const words = appliedWords(applied, dialect, unmatched.length > 0);
    return because(reason === "assigned" ? words : `${words}; ${noValueWords(applied)}`);
  }
  if (!flag.isEnabled) return because("the flag is disabled");
  if (allocations.length === 0) return because(`the flag has no ${noun}s`);
  const enter = missingWords(flag.missing ?? []);
  if (reason === "unresolved") {
    const why = enter ?? dialect.undecided?.(allocations) ?? "the given data do not decide it";
    return because(`cannot be decided: ${why}`);
  }
  const outcome = `no ${noun} ${unmatched.length === 0 ? "was checked" : "matched"}`;
  return because(enter === null ? outcome : `${outcome}: ${enter}`);
}

/** Lists the attributes to enter; `null` if none is missing. */
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

/** An allocation with the names of its variations. */
interface Candidate extends ExplainedAllocation {
  /** See {@link allocationName}. */
  readonly name: string;
  readonly dialect: DialectWords;
  /** What the vendor calls it. */
  readonly noun: string;
  /** Attributes of the subject. */
  readonly attributes: JsonObject;
  readonly names: ReadonlyMap<string, NamedVariation>;
}

function appliedWords(applied: Candidate, dialect: DialectWords, hasUnmatched: boolean): string {
  if (dialect.isDefault?.(applied) === true) {
    const why = hasUnmatched ? "no rule matched" : "the feature has no rules";
    return `${why}, so its default value is used`;
  }
  const words = decidersOf(applied);
  if (words.length > 0) return words.join(", and ");
  const given = givenVariation(applied);
  // The part of a split that has no shards of its own, such as Amplitude's default variant.
  if (given !== null && (applied.traffic?.byVariation.size ?? 0) > 1) {
    return `in the split for ${given}`;
  }
  return hasUnmatched ? `no earlier ${dialect.noun} matched` : "applies to all subjects";
}

/** Explains a variant without a value (Amplitude). */
function noValueWords(applied: Candidate): string {
  const given = givenVariation(applied);
  const variant = given === null ? "its variant" : `the variant ${given}`;
  return `${variant} has no value, so your application uses its own default`;
}

/** Returns the name of the variation that the subject gets; `null` if it is not known. */
function givenVariation({ names, splits }: Candidate): string | null {
  const given = splits.find(({ outcome }) => outcome === "holds")?.variation;
  return given === undefined ? null : (names.get(given)?.name ?? given);
}

/** Lists allocations that did not match, with reasons. */
function unmatchedOf(tried: readonly Candidate[]): readonly Unmatched[] {
  const named = tried.slice(0, MAX_UNMATCHED).map((it): Unmatched => {
    const { name, outcome } = it;
    const words = decidersOf(it).join(", ");
    return {
      outcome: outcome === "unknown" || outcome === "error" ? outcome : "fails",
      words: words === "" ? name : `${name}: ${words}`,
    };
  });
  const rest = tried.length - named.length;
  if (rest === 0) return named;
  return [...named, { outcome: "fails", words: `${rest.toLocaleString("en-US")} more` }];
}

function decidersOf(allocation: Candidate): readonly string[] {
  const { decidedBy, outcome } = allocation;
  if (outcome === "no-split-matches") return [notDrawnWords(allocation)];
  const words = decidedBy.map((it) => deciderWords(allocation, it)).filter((it) => it !== null);
  // A split with several shard conditions is mentioned once.
  return [...new Set(words)];
}

/** Returns why no split includes the subject: `not selected: outside the 5% for control`. */
function notDrawnWords({ names, noun, splits, traffic }: Candidate): string {
  const shards = splits.flatMap((it) => it.shards);
  const problem = shards.find(({ reason, shard }) => shard === null && reason !== "");
  if (problem !== undefined) return problem.reason;
  if (traffic === null) return `not in the share selected by this ${noun}`;
  const [only, ...others] = new Set(
    [...traffic.byVariation.keys()].map((it) => names.get(it)?.name ?? it),
  );
  const drawn =
    only === undefined || others.length > 0 ? `selected by this ${noun}` : `for ${only}`;
  return `not selected: outside the ${shareText(1 - traffic.unassigned)} ${drawn}`;
}

/** @returns `null` if it applies to all subjects. */
function deciderWords(
  { attributes, dialect, names, rules, splits, window }: Candidate,
  decider: ExplainedAllocation["decidedBy"][number],
): string | null {
  switch (decider.kind) {
    case "window":
      return decider.bound === "start"
        ? `starts ${momentText(window?.startAtMs ?? Number.NaN)}`
        : `ended ${momentText(window?.endAtMs ?? Number.NaN)}`;
    case "condition": {
      const condition = rules[decider.rule]?.conditions[decider.condition];
      return condition === undefined ? null : factWords(condition, dialect, attributes);
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
