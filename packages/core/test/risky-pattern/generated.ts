import { seededRandom } from "@sortition/test-kit";
import { expect, vi } from "vitest";
import { automatonOf, type State } from "../../src/conditions/risky-pattern/automaton.js";
import { Budget } from "../../src/conditions/risky-pattern/budget.js";
import { patternGuard } from "../../src/conditions/risky-pattern/guard.js";
import { riskOf } from "../../src/conditions/risky-pattern/risk.js";
import { parsePattern } from "../../src/conditions/risky-pattern/syntax.js";

/** A generated pattern. */
type Tree =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "class"; readonly characters: readonly string[] }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Tree[] }
  | { readonly kind: "repeat"; readonly body: Tree; readonly min: number; readonly max: number };

/** Whether letters have one or two code units. */
const ALPHABETS = ["abcdexyz019-_", "абвгдежзия", "あいうえおかきくけこ", "😀😁😂🤣🚀"].map(
  (it) => [...it],
);

/** Generates patterns of lists, classes and nesting, each with one alphabet. */
export function* generatedPatterns(seed: number, count: number): Iterable<Tree> {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  for (let i = 0; i < count; i++) {
    const alphabet = ALPHABETS[i % ALPHABETS.length] ?? [];
    const character = (): string => alphabet[below(alphabet.length)] ?? "";
    const text = (): Tree => ({
      kind: "text",
      text: Array.from({ length: 1 + below(4) }, character).join(""),
    });
    const many = (least: number, most: number, make: () => Tree): Tree[] =>
      Array.from({ length: least + below(most - least + 1) }, make);
    const bounds = (): { min: number; max: number } => {
      const all = [
        { min: 0, max: Number.POSITIVE_INFINITY },
        { min: 1, max: Number.POSITIVE_INFINITY },
        { min: 0, max: 1 },
        { min: 1, max: 3 },
        { min: 2, max: 2 },
      ];
      return all[below(all.length)] ?? { min: 1, max: 1 };
    };
    const tree = (depth: number): Tree => {
      const kind = below(depth === 0 ? 2 : 6);
      if (kind === 0) return text();
      // A class of two-unit characters would match one of their halves.
      if (kind === 1) {
        if (i % ALPHABETS.length === 3) return text();
        return { kind: "class", characters: Array.from({ length: 1 + below(5) }, character) };
      }
      if (kind === 2) return { kind: "choice", parts: many(2, 40, text) };
      if (kind === 3) return { kind: "choice", parts: many(2, 4, () => tree(depth - 1)) };
      if (kind === 4) return { kind: "sequence", parts: many(2, 4, () => tree(depth - 1)) };
      return { kind: "repeat", body: tree(depth - 1), ...bounds() };
    };
    yield { kind: "sequence", parts: many(1, 3, () => tree(3)) };
  }
}

function sourceOf(tree: Tree): string {
  switch (tree.kind) {
    case "text":
      return tree.text;
    case "class":
      return `[${tree.characters.join("").replaceAll("-", "\\-")}]`;
    case "sequence":
      return tree.parts.map(sourceOf).join("");
    case "choice":
      return `(?:${tree.parts.map(sourceOf).join("|")})`;
    case "repeat":
      return `(?:${sourceOf(tree.body)}){${tree.min},${Number.isFinite(tree.max) ? tree.max : ""}}`;
  }
}

/** Counts the steps of a backtracking matcher, up to `limit`. */
function stepsOf(tree: Tree, text: string, limit: number): number {
  let steps = 0;
  type Then = (at: number) => boolean;
  const match = (node: Tree, at: number, then: Then): boolean => {
    steps += 1;
    if (steps > limit) return true;
    switch (node.kind) {
      case "text":
        return text.startsWith(node.text, at) && then(at + node.text.length);
      case "class":
        return node.characters.includes(text[at] ?? "") && then(at + 1);
      case "sequence": {
        const from = (i: number, now: number): boolean => {
          const part = node.parts[i];
          return part === undefined ? then(now) : match(part, now, (next) => from(i + 1, next));
        };
        return from(0, at);
      }
      case "choice":
        return node.parts.some((part) => match(part, at, then));
      case "repeat": {
        const again = (done: number, now: number): boolean =>
          (done < node.max &&
            match(
              node.body,
              now,
              (next) => (next > now || done < node.min) && again(done + 1, next),
            )) ||
          (done >= node.min && then(now));
        return again(0, at);
      }
    }
  };
  match(tree, 0, (at) => at === text.length);
  return steps;
}

/** Returns a string that the pattern matches, with each repetition `times` times. */
function* samplesOf(tree: Tree, times: number, random: () => number): Iterable<string> {
  const sample = (node: Tree, n: number): string => {
    switch (node.kind) {
      case "text":
        return node.text;
      case "class":
        return node.characters[Math.floor(random() * node.characters.length)] ?? "";
      case "sequence":
        return node.parts.map((it) => sample(it, n)).join("");
      case "choice":
        return sample(node.parts[Math.floor(random() * node.parts.length)] as Tree, n); // there is at least one
      case "repeat": {
        if (Number.isFinite(node.max)) {
          const count = node.min + Math.floor(random() * (node.max - node.min + 1));
          return Array.from({ length: count }, () => sample(node.body, n)).join("");
        }
        // A few rounds, again and again.
        const rounds = Array.from({ length: 1 + Math.floor(random() * 2) }, () =>
          sample(node.body, 2),
        );
        return rounds.join("").repeat(n);
      }
    }
  };
  for (;;) yield sample(tree, times);
}

const STEPS = 200_000;

/** Returns a string that reaches a loop, repeats it often in one of two ways, and does not match. */
function slowTextOf(pattern: RegExp): string {
  const budget = new Budget();
  const { body } = parsePattern(pattern, budget);
  const [begin] = automatonOf(body, 25, budget).tests; // all patterns are anchored
  const prefixes = new Map<State, string>(begin === undefined ? [] : [[begin.target, ""]]);
  for (const [state, text] of prefixes) {
    for (const { from, target } of state.edges) {
      if (!prefixes.has(target)) prefixes.set(target, text + String.fromCharCode(from));
    }
  }
  const ids = new Map([...prefixes.keys()].map((state, id) => [state, id]));
  for (const [home, prefix] of prefixes) {
    const seen = new Set<string>();
    const waiting: [State, State, boolean, string][] = [[home, home, false, ""]];
    for (const [one, other, parted, text] of waiting) {
      if (parted && one === home && other === home) return `${prefix}${text.repeat(24)}\0`;
      for (const a of one.edges) {
        for (const b of other.edges) {
          const unit = Math.max(a.from, b.from);
          if (unit > Math.min(a.to, b.to)) continue;
          const next = [a.target, b.target, parted || a !== b] as const;
          const key = `${ids.get(next[0])},${ids.get(next[1])},${next[2]}`;
          if (seen.has(key)) continue;
          seen.add(key);
          waiting.push([...next, text + String.fromCharCode(unit)]);
        }
      }
    }
  }
  return "";
}

/**
 * Checks everything that is promised of patterns with one that was generated.
 *
 * @param length - of a long text that it is matched with.
 */
export function checkGenerated(
  tree: Tree,
  seed: number,
  length: number,
): "risky" | "safe" | "too large" {
  const source = sourceOf(tree);
  const pattern = new RegExp(`^${source}$`);
  // The analysis ends within its budget.
  const spent = vi.spyOn(Budget.prototype, "spend");
  const isRisky = riskOf(pattern) !== null;
  const isTooLarge = spent.mock.results.some(({ type }) => type === "throw");
  const edges = spent.mock.calls.reduce((sum, [count]) => sum + count, 0);
  spent.mockRestore();
  if (!isTooLarge)
    expect([source, edges]).toEqual([source, expect.toSatisfy((it) => it <= 60_000)]);
  if (isRisky) {
    // A linear-time matcher takes a few steps per character.
    const steps = stepsOf(tree, slowTextOf(pattern), STEPS);
    expect([source, steps]).toEqual([source, STEPS + 1]);
  }
  const guard = patternGuard(true, { report: () => {}, later: () => {} });
  const test = guard(pattern, "$");
  if (!isTooLarge) expect([source, test === null]).toEqual([source, isRisky]);
  if (test === null) return isRisky ? "risky" : "too large";
  const random = seededRandom(seed);
  for (const text of shortOf(samplesOf(tree, 2, random))) {
    expect([source, text, test.test(text)]).toEqual([source, text, pattern.test(text)]);
  }
  const [sample] = samplesOf(tree, 20, random);
  const round = sample || "a";
  const text = `${round.repeat(Math.ceil(length / round.length)).slice(0, length)}\0`;
  for (const tried of [pattern, new RegExp(source)]) {
    const match = (): number => cpuMs(() => guard(tried, "$")?.test(text));
    let costMs = match();
    // Other threads collect garbage and compile, so more matches are needed to separate their time from the pattern's.
    if (costMs > 20) costMs = Math.min(costMs, match(), match());
    slowestMs = Math.max(slowestMs, costMs);
  }
  return "safe";
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { system, user } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Returns the processor time of the slowest match. */
export let slowestMs = 0;

function* shortOf(samples: Iterable<string>): Iterable<string> {
  let count = 0;
  for (const text of samples) {
    if (text.length < 60) {
      yield text;
      yield `${text}a`;
      yield text.slice(1);
    }
    if (++count === 10) return;
  }
}
