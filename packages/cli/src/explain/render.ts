import type {
  AllocationOutcome,
  ExplainedAllocation,
  Explanation,
  TestOutcome,
} from "@sortition/core/dialect";
import { messageOf } from "@sortition/core/dialect";
import { type Paint, printable } from "../text/paint.js";
import { paragraphLines } from "../text/paragraphs.js";
import { windowText } from "../text/parts.js";
import { timeText } from "../text/values.js";
import { WIDTH, wrap } from "../text/wrap.js";
import type { ExplainedCase } from "./case.js";
import { conditionResult, deciderTexts, shardResult, splitResult } from "./tests-text.js";

const MARKS: Readonly<Record<TestOutcome, string>> = {
  holds: "✓",
  fails: "✗",
  unknown: "?",
  error: "!",
  "not-reached": "·",
};

const COLORS: Readonly<Record<TestOutcome, Parameters<Paint>[1]>> = {
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
  "no-rule-holds": ["fails", "no rule holds"],
  "no-split-matches": ["fails", "the subject is in no split"],
  unknown: ["unknown", "cannot be decided"],
  error: ["error", "fails with an error"],
  "not-reached": ["not-reached", "not reached"],
};

const DEFAULTS: Readonly<Record<string, string>> = {
  // A dialect may have a value for the subjects that no allocation applies to.
  assigned: "no allocation applies",
  "flag-not-found": "there is no such flag",
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

/** The answer, what decided, and everything that was tested, for people. Ends with a line feed. */
export function renderCase(it: ExplainedCase, paint: Paint): string {
  const { explanation, extras, nowMs, question, type } = it;
  const because = becauseOf(explanation);
  const asked = type === null ? question.flag : `${question.flag} (${type})`;
  const lines = [
    ...wrap(`${asked} for ${question.subjectKey} at ${timeText(nowMs)}`, WIDTH, 2),
    "",
    ...labelled("Answer", [answerText(it)]),
    ...(because.length === 0 ? [] : labelled("Because", because)),
  ].map(printable);
  const allocations = explanation.flag?.allocations ?? [];
  const isReached = allocations.some(({ outcome }) => outcome !== "not-reached");
  const tree = isReached ? allocations.flatMap(allocationLines) : [];
  if (tree.length > 0) lines.push("");
  for (const line of tree) lines.push(renderLine(line, paint));
  lines.push(...paragraphLines(extras.paragraphs));
  return `${lines.join("\n")}\n`;
}

function labelled(label: string, texts: readonly string[]): string[] {
  return texts.flatMap((text, i) => wrap(`${(i === 0 ? label : "").padEnd(9)}${text}`, WIDTH, 11));
}

function answerText({ answer, explanation, valueText: value }: ExplainedCase): string {
  if (answer.kind === "throws") return `the call throws: ${messageOf(answer.error)}`;
  const { error, flag, reason } = explanation;
  if (error !== null) return `${value}, the default: ${error}`;
  const applied = flag?.allocations.find(({ outcome }) => outcome === "applies");
  const split = applied?.splits.find(({ outcome }) => outcome === "holds");
  if (applied === undefined || split === undefined) {
    return `${value}, the default: ${DEFAULTS[reason] ?? reason}`;
  }
  const names = [split.variation, applied.key].map((key) => JSON.stringify(key));
  return `${value}, variation ${names[0]} of allocation ${names[1]}`;
}

/** What decided about each allocation that was reached. */
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
    // Where no rule holds, splits are not tested.
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

function renderLine({ depth, outcome, text }: Line, paint: Paint): string {
  const indent = depth * 2;
  const mark = MARKS[outcome];
  const [first = "", ...rest] = wrap(printable(text), WIDTH - indent - 2, 2);
  const body = [first, ...rest.map((line) => `${" ".repeat(indent + 2)}${line}`)].join("\n");
  const shown = outcome === "not-reached" ? paint(body, "dim") : body;
  return `${" ".repeat(indent)}${paint(mark, COLORS[outcome])} ${shown}`;
}
