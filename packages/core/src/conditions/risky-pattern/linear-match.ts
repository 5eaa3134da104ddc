import { automatonOf, type State } from "./automaton.js";
import { Budget, isTooLarge } from "./budget.js";
import { type Aside, type Assertion, type Node, parsePattern } from "./syntax.js";

/** Maximum number of states visited by one match, which takes about 50 ms. */
const MAX_VISITS = 1_500_000;
/** Maximum number of units whose targets a state caches. */
const MAX_REMEMBERED = 300;

/** Tests whether a string has a match. `null`: that would take too many visits. */
export type LinearTest = (text: string) => boolean | null;

/**
 * Creates a test that follows all paths through a pattern at once, so its time is linear in the length of the string.
 *
 * @returns `null` if the pattern is too large, or could not be parsed completely.
 */
export function linearTest(pattern: RegExp): LinearTest | null {
  try {
    const budget = new Budget();
    const { asides, body, isExact } = parsePattern(pattern, budget);
    const startOf = (node: Node): State => automatonOf(node, Number.POSITIVE_INFINITY, budget);
    const starts = new Map(asides.map((aside) => [aside, startOf(aside.body)]));
    return isExact ? linearTestOf(startOf(body), starts) : null;
  } catch (cause) {
    if (isTooLarge(cause)) return null;
    throw cause;
  }
}

function linearTestOf(start: State, starts: ReadonlyMap<Aside, State>): LinearTest {
  let steps = 0;
  let visits = 0;

  const spend = (count: number): void => {
    visits += count;
    if (visits > MAX_VISITS) throw GAVE_UP;
  };

  /** @param aside - a look-ahead, which must match at `at`. `null`: the pattern may begin later. */
  const finds = (text: string, at: number, aside: Aside | null): boolean => {
    const first = aside === null ? start : (starts.get(aside) as State); // each look-ahead has a start
    let reached: State[] = [];
    for (let now = at; ; now++) {
      const step = ++steps;
      const next: State[] = [];
      if (now === at || aside === null) reached.push(first);
      const unit = text.charCodeAt(now);
      // Grows while it is read.
      for (const state of reached) {
        if (state.step === step) continue;
        state.step = step;
        if (state.isFinal) return true;
        for (const { holds, target } of state.tests) {
          if (isTrue(holds, text, now)) reached.push(target);
        }
        for (const target of state.targets.get(unit) ?? targetsOf(state, unit)) {
          if (target.nextStep === step) continue;
          target.nextStep = step;
          next.push(target);
        }
      }
      spend(reached.length + 1);
      if (Number.isNaN(unit) || reached.length === 0) return false;
      reached = next;
    }
  };

  const targetsOf = ({ edges, targets }: State, unit: number): readonly State[] => {
    spend(edges.length >> 3);
    const found = new Set<State>();
    for (const { from, target, to } of edges) {
      if (from <= unit && unit <= to) found.add(target);
    }
    if (targets.size >= MAX_REMEMBERED) targets.clear();
    targets.set(unit, [...found]);
    return [...found];
  };

  const isTrue = (assertion: Assertion, text: string, at: number): boolean => {
    if (assertion === "^") return at === 0;
    if (assertion === "$") return at === text.length;
    if (assertion === "m^") return at === 0 || isLineEnd(text, at - 1);
    if (assertion === "m$") return at === text.length || isLineEnd(text, at);
    if (typeof assertion !== "string") {
      return finds(text, at, assertion) !== assertion.isNegated;
    }
    return (isWordAt(text, at - 1) !== isWordAt(text, at)) === (assertion === "b");
  };

  return (text) => {
    visits = 0;
    try {
      return finds(`${text}`, 0, null); // converts any value, as `RegExp` does
    } catch (cause) {
      if (cause === GAVE_UP) return null;
      throw cause;
    }
  };
}

const GAVE_UP = /* @__PURE__ */ new Error("too many visits");

function isLineEnd(text: string, index: number): boolean {
  return /[\n\r\u2028\u2029]/.test(text.charAt(index));
}

function isWordAt(text: string, index: number): boolean {
  return /\w/.test(text.charAt(index));
}
