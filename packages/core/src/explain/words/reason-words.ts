import type { JsonObject } from "../../conditions/decode.js";
import type { ExplainedAllocation, Explanation } from "../explanation.js";
import { outcomeText } from "../text/outcome-text.js";
import { shareText } from "../text/values.js";
import { allocationName } from "./allocation-names.js";
import { factWords } from "./condition-words.js";
import { type NamedVariation, nameVariations } from "./variation-names.js";
import { momentText } from "./window-words.js";
import type { DialectWords } from "./words.js";

/** The reason for a value. */
export interface PlainReason {
  /** What decided. */
  readonly decided: string;
  /** The attributes whose absence decided, as to pass them: `plan`, `$groups with {"company":"…"}`. */
  readonly missing: readonly string[];
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
 * Returns what decided a value in one line: `cannot be decided: pass plan`.
 *
 * @param verb - what a reader does with missing attributes: pass them in code, or enter them in a form.
 */
export function decidedText({ decided, missing }: PlainReason, verb: "pass" | "enter"): string {
  return missing.length === 0 ? decided : `${decided}: ${verb} ${missing.join(", ")}`;
}

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
  const plain = outcomeText(explanation).replace(/^the default: /, "");
  if (flag === null || reason === "override" || reason === "not-initialized") {
    return { decided: plain, missing: [], unmatched: [] };
  }
  const { allocations } = flag;
  const { flagNoun = "flag", noun } = dialect;
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
  const because = (decided: string, missing: readonly string[] = []): PlainReason => {
    return { decided, missing, unmatched };
  };
  if (error !== null) return errorReason(candidates, plain);
  if (applied !== undefined) {
    const words = appliedWords(applied, dialect, unmatched.length > 0);
    return because(reason === "no-allocation" ? `${words}; ${noValueWords(applied)}` : words);
  }
  if (!flag.isEnabled) return because(`the ${flagNoun} is disabled`);
  if (allocations.length === 0) return because(`the ${flagNoun} has no ${noun}s`);
  const missing = missingWords(flag.missing ?? []);
  if (reason === "unresolved") {
    if (missing.length > 0) return because("cannot be decided", missing);
    const why = dialect.undecided?.(allocations) ?? "the given data do not decide it";
    return because(`cannot be decided: ${why}`);
  }
  return because(`no ${noun} ${unmatched.length === 0 ? "was checked" : "matched"}`, missing);
}

/** Names the test that failed with an error, if it is known. */
function errorReason(candidates: readonly Candidate[], message: string): PlainReason {
  const index = candidates.findIndex(({ outcome }) => outcome === "error");
  const failed = candidates[index];
  const words = failed === undefined ? [] : decidersOf(failed);
  const earlier = candidates.slice(0, Math.max(index, 0));
  return {
    decided: words.length === 0 ? message : `${failed?.name}: ${words.join(", ")}`,
    missing: [],
    unmatched: unmatchedOf(earlier.filter(({ outcome }) => outcome !== "not-reached")),
  };
}

/** Lists attributes as to pass them. */
function missingWords(missing: readonly string[]): readonly string[] {
  const named = missing.slice(0, MAX_MISSING).map((name) => {
    const [, member, type, property] =
      /^(\$groups|\$group_properties)\.([^.]+)(?:\.(.+))?$/s.exec(name) ?? [];
    if (member === undefined || type === undefined) return name;
    const value = property === undefined ? "…" : { [property]: "…" };
    return `${member} with ${JSON.stringify({ [type]: value })}`;
  });
  const rest = missing.length - named.length;
  return rest === 0 ? named : [...named, `${rest} more`];
}

/** Returns what decided a value, and then the earlier allocations that did not match, each in one line. */
export function reasonLines(
  explanation: Explanation,
  words: DialectWords,
  attributes: JsonObject,
): readonly string[] {
  const reason = plainReason(explanation, words, attributes);
  return [decidedText(reason, "pass"), ...reason.unmatched.map((it) => it.words)];
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
    const { flagNoun = "flag", noun } = dialect;
    const why = hasUnmatched ? `no ${noun} matched` : `the ${flagNoun} has no ${noun}s`;
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
    case "split": {
      const { problem = null, reason = "" } = splits[decider.split] ?? {};
      return reason === "" ? problem : reason;
    }
  }
}
