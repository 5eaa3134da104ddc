import type { Edge, State } from "./automaton.js";
import type { Budget } from "./budget.js";

/**
 * Whether a loop can match the same string in several ways. A string of n such parts can then be matched in 2^n ways,
 * and the matcher tries all of them before it fails. The matcher cannot fail at a state where the pattern may end, so
 * loops through such a state are ignored.
 *
 * @throws if the budget is spent.
 */
export function isExponential(start: State, budget: Budget): boolean {
  const numbers = new Map<State, number>([[start, 0]]);
  const states = [start];
  const edges: NumberedEdge[][] = [];
  for (const state of states) {
    const own: NumberedEdge[] = [];
    let reach = 0;
    for (const { from, target, to } of edgesOf(state, state === start, budget)) {
      if (!numbers.has(target)) numbers.set(target, states.push(target) - 1);
      if (state.isFinal || target.isFinal) continue;
      reach = Math.max(reach, to);
      own.push({ from, to, reach, end: numbers.get(target) as number }); // set in the loop above
    }
    edges.push(own);
  }
  const loops = loopsOf(edges);
  const inner = edges.map((own, i) => own.filter(({ end }) => loops[end] === loops[i]));
  return haveTwoPaths(inner, budget);
}

/**
 * Returns the edges of a state and of the states reached without consuming a unit. Assertions are assumed to hold where
 * possible.
 */
function edgesOf(state: State, isStart: boolean, budget: Budget): readonly Edge[] {
  if (state.tests.length === 0) return state.edges;
  const seen = new Set([state]);
  for (const { tests } of seen) {
    for (const { holds, target } of tests) {
      if (isStart || (holds !== "^" && holds !== "$")) seen.add(target);
    }
  }
  const edges = [...seen].flatMap(({ edges: own }) => own);
  budget.spend(edges.length);
  return edges.sort((one, other) => one.from - other.from);
}

/** An edge between two numbered states. */
interface NumberedEdge {
  readonly from: number;
  readonly to: number;
  /** The greatest `to` of this edge and those before it. */
  readonly reach: number;
  readonly end: number;
}

/**
 * Looks for two different paths with the same string, from one state to another state of the same loop. Follows both at
 * once: each pair contains the state of each path.
 */
function haveTwoPaths(inner: readonly (readonly NumberedEdge[])[], budget: Budget): boolean {
  const pairs = new Set(inner.map((_, state) => state * (inner.length + 1)));
  // The list grows while it is being read.
  for (const pair of pairs) {
    const one = Math.floor(pair / inner.length);
    const other = pair % inner.length;
    const others = inner[other] ?? [];
    let start = 0;
    for (const a of inner[one] ?? []) {
      while ((others[start]?.reach ?? a.from) < a.from) start += 1;
      for (let i = start; (others[i]?.from ?? Number.NaN) <= a.to; i++) {
        const b = others[i] as NumberedEdge; // all elements have edges
        budget.spend(1);
        if (b.to < a.from) continue;
        // The two paths split here or earlier, and meet.
        if (a.end === b.end && (one !== other || a !== b)) return true;
        pairs.add(Math.min(a.end, b.end) * inner.length + Math.max(a.end, b.end));
      }
    }
  }
  return false;
}

/** Returns the loop of each state, identified by one of its states (Tarjan's algorithm, without recursion). */
function loopsOf(edges: readonly (readonly NumberedEdge[])[]): readonly number[] {
  const order: number[] = edges.map(() => NONE);
  const low = [...order];
  const loops = [...order];
  const followed = edges.map(() => 0);
  const open: number[] = [];
  let entered = 0;
  for (const start of edges.keys()) {
    const path = order[start] === NONE ? [start] : [];
    for (let state = path.at(-1); state !== undefined; state = path.at(-1)) {
      if (order[state] === NONE) {
        order[state] = low[state] = entered++;
        open.push(state);
      }
      const edge = edges[state]?.[(followed[state] as number)++];
      if (edge === undefined) {
        path.pop();
        const [parent = state] = path.slice(-1);
        low[parent] = Math.min(low[parent] as number, low[state] as number);
        if (low[state] === order[state]) {
          for (const member of open.splice(open.lastIndexOf(state))) loops[member] = state;
        }
      } else if (order[edge.end] === NONE) path.push(edge.end);
      else if (loops[edge.end] === NONE) {
        low[state] = Math.min(low[state] as number, order[edge.end] as number);
      }
    }
  }
  return loops;
}

const NONE = -1;
