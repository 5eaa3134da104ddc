import { messageOf } from "../../errors/guard.js";
import { integerOption } from "../../errors/option-checks.js";
import type {
  AllocationOutcome,
  ExplainedAllocation,
  Explanation,
  TestOutcome,
} from "../explanation.js";
import type { CallResult } from "../flag-answer.js";
import type { Paint, PaintColor } from "./paint.js";
import { windowText } from "./parts.js";
import { printable } from "./printable.js";
import { conditionResult, deciderTexts, shardResult, splitResult } from "./tests-text.js";
import { wrap } from "./wrap.js";

/** Options of {@link explanationText}. */
export interface ExplanationTextOptions {
  /** The first line. Default: `<flag> for <subject>`. */
  readonly title?: string;
  /** Result of the call. Default: the answer is shown without the value. */
  readonly result?: CallResult;
  /** Colours marks, and dims tests that were not reached. Default: no colours. */
  readonly paint?: Paint;
  /** Maximum characters per line, from 40 to 10,000. Default: 100. */
  readonly width?: number;
}

const MARKS: Readonly<Record<TestOutcome, string>> = {
  holds: "✓",
  fails: "✗",
  unknown: "?",
  error: "!",
  "not-reached": "·",
};

const COLORS: Readonly<Record<TestOutcome, PaintColor>> = {
  holds: "green",
  fails: "red",
  unknown: "yellow",
  error: "red",
  "not-reached": "dim",
};

const WORDS: Readonly<Record<AllocationOutcome, readonly [outcome: TestOutcome, words: string]>> = {
  applies: ["holds", "applies"],
  "not-started": ["fails", "has not started"],
  ended: ["fails", "has ended"],
  "no-rule-holds": ["fails", "no rule matches"],
  "no-split-matches": ["fails", "the subject is in no split"],
  unknown: ["unknown", "cannot be decided"],
  error: ["error", "fails with an error"],
  "not-reached": ["not-reached", "not reached"],
};

const DEFAULTS: Readonly<Record<string, string>> = {
  // A dialect may assign a value to subjects to which no allocation applies.
  assigned: "no allocation applies",
  "not-initialized": "no configuration yet",
  "flag-not-found": "no such flag",
  "flag-disabled": "the flag is disabled",
  "no-allocation": "no allocation applies",
  unresolved: "it cannot be decided with the given data",
};

/** One line of the tree. */
interface Line {
  readonly depth: number;
  readonly outcome: TestOutcome;
  readonly text: string;
}

/**
 * Renders an explanation as text: the answer, what decided it, and all tests. Control characters in keys and values are
 * escaped.
 *
 * @returns lines, each of which ends with a line feed.
 * @throws OptionError
 */
export function explanationText(
  explanation: Explanation,
  options: ExplanationTextOptions = {},
): string {
  const { flagKey, flag, subjectKey } = explanation;
  const { paint = (text) => text, result, title = `${flagKey} for ${subjectKey}` } = options;
  // In narrower lines, words would be broken next to labels and marks.
  const width = integerOption("width", options.width, { min: 40, max: 10_000 }, 100);
  const because = becauseOf(explanation);
  const lines = [
    ...wrap(title, width, 2),
    "",
    ...labelled("Answer", [answerText(explanation, result)], width),
    ...labelled("Because", because, width),
    ...labelled("Missing", missingOf(explanation), width),
  ].map(printable);
  const allocations = flag?.allocations ?? [];
  const isReached = allocations.some(({ outcome }) => outcome !== "not-reached");
  const tree = isReached ? allocations.flatMap(allocationLines) : [];
  if (tree.length > 0) lines.push("");
  for (const line of tree) lines.push(renderLine(line, paint, width));
  return `${lines.join("\n")}\n`;
}

function labelled(label: string, texts: readonly string[], width: number): string[] {
  return texts.flatMap((text, i) => wrap(`${(i === 0 ? label : "").padEnd(9)}${text}`, width, 11));
}

function answerText(explanation: Explanation, result: CallResult | undefined): string {
  if (result?.kind === "throws") return `the call throws: ${messageOf(result.error)}`;
  const outcome = outcomeText(explanation);
  return result === undefined ? outcome : `${result.text}, ${outcome}`;
}

/** Describes where the value comes from: a variation of an allocation, an override, or the reason for the default. */
export function outcomeText({ error, flag, reason }: Explanation): string {
  if (error !== null) return `the default: ${error}`;
  if (reason === "override") return "an override";
  const applied = flag?.allocations.find(({ outcome }) => outcome === "applies");
  const split = applied?.splits.find(({ outcome }) => outcome === "holds");
  if (applied === undefined || split === undefined) {
    return `the default: ${DEFAULTS[reason] ?? reason}`;
  }
  const names = [split.variation, applied.key].map((key) => JSON.stringify(key));
  return `variation ${names[0]} of allocation ${names[1]}`;
}

/** The attributes to pass, in one line. */
function missingOf({ flag }: Explanation): readonly string[] {
  const missing = flag?.missing ?? [];
  return missing.length === 0 ? [] : [missing.join(", ")];
}

/** Describes what decided each allocation that was reached. */
function becauseOf({ flag }: Explanation): readonly string[] {
  if (flag === null) return [];
  const reached = flag.allocations.filter(({ outcome }) => outcome !== "not-reached");
  const isSingle = flag.allocations.length === 1;
  return reached.flatMap((it) =>
    deciderTexts(it).map((text) => (isSingle ? text : `${it.key}: ${text}`)),
  );
}

function allocationLines(allocation: ExplainedAllocation, index: number): Line[] {
  const { key, outcome, rules, splits, window } = allocation;
  const [mark, words] = WORDS[outcome];
  const head = { depth: 0, outcome: mark, text: `${index + 1} ${key}: ${words}` };
  if (outcome === "not-reached") return [head];
  const isClosed = outcome === "not-started" || outcome === "ended";
  const windowLine: Line[] =
    window === null
      ? []
      : [{ depth: 1, outcome: isClosed ? "fails" : "holds", text: windowText(window) }];
  if (isClosed) return [head, ...windowLine];
  return [
    head,
    ...windowLine,
    ...rules.flatMap(ruleLines),
    // If no rule matches, splits are not tested.
    ...(outcome === "no-rule-holds" ? [] : splits.flatMap(splitLines)),
  ];
}

function ruleLines(
  { conditions, outcome, problem }: ExplainedAllocation["rules"][number],
  index: number,
): Line[] {
  const name = `rule ${index + 1}`;
  if (outcome === "not-reached") return [{ depth: 1, outcome, text: `${name}: not reached` }];
  const text = problem ?? (conditions.length === 0 ? "no conditions" : null);
  return [
    { depth: 1, outcome, text: text === null ? name : `${name}: ${text}` },
    ...conditions.map((it) => ({ depth: 2, outcome: it.outcome, text: conditionResult(it) })),
  ];
}

function splitLines(split: ExplainedAllocation["splits"][number]): Line[] {
  const { outcome, shards, variation } = split;
  if (outcome === "not-reached") {
    return [{ depth: 1, outcome, text: `split ${JSON.stringify(variation)}: not reached` }];
  }
  return [
    { depth: 1, outcome, text: splitResult(split) },
    ...shards.map((it) => ({ depth: 2, outcome: it.outcome, text: shardResult(it) })),
  ];
}

function renderLine({ depth, outcome, text }: Line, paint: Paint, width: number): string {
  const indent = depth * 2;
  const mark = MARKS[outcome];
  const [first = "", ...rest] = wrap(printable(text), width - indent - 2, 2);
  const body = [first, ...rest.map((line) => `${" ".repeat(indent + 2)}${line}`)].join("\n");
  const shown = outcome === "not-reached" ? paint(body, "dim") : body;
  return `${" ".repeat(indent)}${paint(mark, COLORS[outcome])} ${shown}`;
}
