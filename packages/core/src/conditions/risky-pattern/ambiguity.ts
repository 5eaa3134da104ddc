import type { Automaton } from "./automaton.js";
import { overlap } from "./char-set.js";

/** Pairs of positions that are looked at. Patterns that need more are not analysed to the end. */
const MAX_PAIRS = 20_000;

/**
 * Whether some text can be matched in several ways by going once around a loop: then a text of n such parts
 * can be matched in 2^n ways, and the matcher tries all of them before it fails.
 */
export function isExponential(automaton: Automaton): boolean {
  const loops = loopsOf(automaton.next.map((next) => [...next.keys()]));
  for (const [position, next] of automaton.next.entries()) {
    for (const [target, ways] of next) {
      if (ways > 1 && loops[position] === loops[target] && loops[position] !== -1) return true;
    }
  }
  return hasTwoPaths(automaton, loops);
}

/**
 * Looks for two different paths with the same text from one position back to itself. Walks both at once: a
 * pair is a place of each.
 */
function hasTwoPaths({ next, sets }: Automaton, loops: readonly number[]): boolean {
  const count = sets.length;
  const numbers = new Map<number, number>();
  const pairs: [one: number, other: number][] = [];
  const edges: number[][] = [];
  const numberOf = (one: number, other: number): number => {
    const key = one * count + other;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, pairs.length);
    edges.push([]);
    return pairs.push([one, other]) - 1;
  };
  for (let position = 0; position < count; position++) {
    if (loops[position] !== -1) numberOf(position, position);
  }
  for (let i = 0; i < pairs.length; i++) {
    if (pairs.length > MAX_PAIRS) return false;
    const [one, other] = pairs[i] as [number, number]; // i < length
    for (const a of next[one]?.keys() ?? []) {
      if (loops[a] !== loops[one]) continue;
      for (const b of next[other]?.keys() ?? []) {
        if (loops[b] !== loops[one]) continue;
        const [x, y] = [sets[a], sets[b]];
        if (x === undefined || y === undefined || !overlap(x, y)) continue;
        edges[i]?.push(numberOf(a, b));
      }
    }
  }
  const around = loopsOf(edges);
  const returning = new Set(
    pairs.flatMap(([one, other], i) => (one === other && around[i] !== -1 ? [around[i]] : [])),
  );
  return pairs.some(([one, other], i) => one !== other && returning.has(around[i] as number));
}

/** The loop that each node of a graph is part of (a strongly connected component); -1: none. */
function loopsOf(edges: readonly (readonly number[])[]): number[] {
  const order = new Array<number>(edges.length).fill(-1);
  const low = new Array<number>(edges.length).fill(-1);
  const loops = new Array<number>(edges.length).fill(-1);
  const isOpen = new Array<boolean>(edges.length).fill(false);
  const open: number[] = [];
  let visited = 0;
  let found = 0;
  const enter = (node: number): void => {
    order[node] = low[node] = visited++;
    open.push(node);
    isOpen[node] = true;
  };
  // Tarjan's algorithm without recursion: [node, number of edges that were followed].
  for (let start = 0; start < edges.length; start++) {
    if (order[start] !== -1) continue;
    const path: [node: number, followed: number][] = [[start, 0]];
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const [node, followed] = top;
      const target = edges[node]?.[followed];
      if (target !== undefined) {
        top[1] += 1;
        if (order[target] === -1) {
          enter(target);
          path.push([target, 0]);
        } else if (isOpen[target]) {
          low[node] = Math.min(low[node] as number, order[target] as number);
        }
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.[0];
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[node] as number);
      if (low[node] !== order[node]) continue;
      const members = open.splice(open.indexOf(node));
      const isLoop = members.length > 1 || edges[node]?.includes(node);
      for (const member of members) {
        isOpen[member] = false;
        if (isLoop) loops[member] = found;
      }
      found += 1;
    }
  }
  return loops;
}
