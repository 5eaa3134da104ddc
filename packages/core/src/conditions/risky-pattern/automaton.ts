import type { Budget } from "./budget.js";
import type { CharSet } from "./char-set.js";
import type { Assertion, Node } from "./syntax.js";

/** An edge. Any unit of the range leads to the state. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly target: State;
}

/** A state: what may come next. Positions of a pattern with the same continuations share a state. */
export interface State {
  /** Sorted by `from`. If a unit has several edges, the matcher tries each of them. */
  readonly edges: Edge[];
  /** States that are reached without consuming a unit if the assertion holds. */
  readonly tests: Test[];
  /** Whether the pattern may end here. */
  readonly isFinal: boolean;
  /** Used for matching: the targets of units seen so far. */
  readonly targets: Map<number, readonly State[]>;
  /** Used for matching: the last step in which the state was reached, and the last step in which it was scheduled. */
  step: number;
  nextStep: number;
}

/** See {@link State.tests}. */
export interface Test {
  readonly holds: Assertion;
  readonly target: State;
}

/** Part of a pattern, with the positions where it may begin and end. */
interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** Whether it may match the empty string. */
  readonly isNullable: boolean;
}

const NOTHING: Part = { first: [], last: [], isNullable: true };

/**
 * Builds the automaton of a pattern (Glushkov's, with equal states merged), and returns its start.
 *
 * @param many - repetitions with at least this upper bound are treated as unbounded.
 * @throws if the budget is spent.
 */
export function automatonOf(pattern: Node, many: number, budget: Budget): State {
  /** The unit or assertion at each position. */
  const units: (CharSet | Assertion)[] = [];
  /**
   * For each position, the numbers of the lists of possible next positions. A list that two repetitions connect occurs
   * twice.
   */
  const follows: number[][] = [];
  const lists: (readonly number[])[] = [];
  /** States by their possible continuations and ends. */
  const states = new Map<string, { own: readonly number[]; state: State }>();

  const connect = (from: readonly number[], to: readonly number[]): void => {
    if (to.length === 0) return;
    budget.spend(from.length);
    const list = lists.push(to) - 1;
    for (const position of from) follows[position]?.push(list);
  };

  const both = (one: readonly number[], other: readonly number[]): readonly number[] => {
    budget.spend(one.length + other.length);
    return [...one, ...other];
  };

  const join = (one: Part, other: Part): Part => {
    connect(one.last, other.first);
    return {
      first: one.isNullable ? both(one.first, other.first) : one.first,
      last: other.isNullable ? both(one.last, other.last) : other.last,
      isNullable: one.isNullable && other.isNullable,
    };
  };

  /** Unrolls a repetition, except an unbounded one, because `(\d{2})+` is not ambiguous. */
  const repeat = ({ body, max, min }: Node & { kind: "repeat" }): Part => {
    const isLoop = max >= many;
    // All copies except the last one, which repeats. Their number makes no difference to ambiguity.
    const fixed = isLoop ? (many === Number.POSITIVE_INFINITY ? min - 1 : 0) : min;
    let all = NOTHING;
    for (let i = 0; i < fixed; i++) all = join(all, build(body));
    if (isLoop) {
      const part = build(body);
      connect(part.last, part.first);
      return join(all, { ...part, isNullable: part.isNullable || min === 0 });
    }
    let first: readonly number[] = [];
    let former: readonly number[] = [];
    const last: number[] = [];
    for (let i = min; i < max; i++) {
      const part = build(body);
      if (i === min) first = part.first;
      connect(former, part.first);
      former = part.last;
      last.push(...former);
    }
    return join(all, { first, last, isNullable: true });
  };

  const build = (node: Node): Part => {
    budget.spend(1);
    if (node.kind === "repeat") return repeat(node);
    if (node.kind === "unit") {
      follows.push([]);
      const own = [units.push(node.unit) - 1];
      return { first: own, last: own, isNullable: false };
    }
    const parts = node.options.map((them) => them.map(build).reduce(join, NOTHING));
    return {
      first: parts.flatMap(({ first }) => first),
      last: parts.flatMap(({ last }) => last),
      isNullable: parts.some(({ isNullable }) => isNullable),
    };
  };

  const stateOf = (own: readonly number[], isFinal: boolean): State => {
    const key = `${own.join()}${isFinal}`;
    const known = states.get(key);
    if (known !== undefined) return known.state;
    const state: State = {
      edges: [],
      tests: [],
      isFinal,
      targets: new Map(),
      step: 0,
      nextStep: 0,
    };
    states.set(key, { own, state });
    return state;
  };

  const whole = build(pattern);
  const last = new Set(whole.last);
  const start = stateOf([lists.push(whole.first) - 1], whole.isNullable);
  // Grows while it is read.
  for (const { own, state } of states.values()) {
    for (const position of own.flatMap((list) => lists[list] ?? [])) {
      const unit = units[position] ?? [];
      const target = stateOf(follows[position] ?? [], last.has(position));
      budget.spend(1);
      if (!isSet(unit)) state.tests.push({ holds: unit, target });
      else {
        for (const [i, from] of unit.entries()) {
          if (i % 2 === 0) state.edges.push({ from, to: unit[i + 1] ?? from, target });
        }
        budget.spend(unit.length);
      }
    }
    state.edges.sort((one, other) => one.from - other.from);
  }
  return start;
}

function isSet(unit: CharSet | Assertion): unit is CharSet {
  return Array.isArray(unit);
}
