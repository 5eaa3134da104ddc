import type { Budget } from "./budget.js";
import { type CharSet, setOf } from "./char-set.js";

/** A regular expression. */
export type Node =
  | { readonly kind: "unit"; readonly unit: CharSet | Assertion }
  /** Alternative sequences. */
  | { readonly kind: "choice"; readonly options: readonly (readonly Node[])[] }
  | {
      readonly kind: "repeat";
      readonly body: Node;
      readonly min: number;
      readonly max: number;
    };

/** A test between two characters. `m^` and `m$` also hold at the ends of lines. */
export type Assertion = "^" | "$" | "m^" | "m$" | "b" | "B" | Aside;

/** A look-ahead, which is matched separately. */
export interface Aside {
  readonly body: Node;
  readonly isNegated: boolean;
}

export interface Parsed {
  readonly body: Node;
  readonly asides: readonly Aside[];
  /**
   * Whether the whole pattern was parsed: it has no backreferences, lookbehinds, group flags, flag `u` or certain legacy syntax.
   */
  readonly isExact: boolean;
}

/** Matches a part of a pattern that matches one unit. */
const UNIT = /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|c[a-zA-Z]|.)|\[(?:\\.|[^\]\\])*\]|./sy;

/**
 * Parses a pattern.
 *
 * @throws if the budget is spent.
 */
export function parsePattern({ flags, source }: RegExp, budget: Budget): Parsed {
  const asides: Aside[] = [];
  const sets = new Map<string, CharSet>();
  let isExact = !/[uv]/.test(flags);
  let at = 0;

  /** @param pattern - with the flag `y`. */
  const taken = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };

  /** Parses up to a closing parenthesis or the end. */
  const parseChoice = (): Node => {
    const options: Node[][] = [];
    do {
      const parts: Node[] = [];
      while (taken(/$|(?=[|)])/y) === null) parts.push(parseTerm());
      options.push(parts);
    } while (taken(/\|/y) !== null);
    return { kind: "choice", options };
  };

  const parseTerm = (): Node => {
    budget.spend(1);
    const body = parseAtom();
    // Lazy and greedy quantifiers differ only in the order of attempts, not in their number.
    const counts = taken(/(?:\*|\+|\?|\{(\d+)(?:(,)(\d*))?\})\??/y);
    if (counts === null) return body;
    const [sign, low, comma, high] = counts;
    const min = Number(low ?? (sign.startsWith("+") ? 1 : 0));
    const end = comma === undefined ? low : high;
    const max = sign.startsWith("?") ? 1 : Number(end || Number.POSITIVE_INFINITY);
    return { kind: "repeat", body, min, max };
  };

  const parseAtom = (): Node => {
    const group = taken(/\((?:\?(?:([a-z-]*):|(<?)([=!])|<[^>]*>))?/y);
    if (group !== null) return parseGroup(group);
    const holds = taken(/[$^]|\\[bB]/y)?.[0].slice(-1);
    const isOfLines = flags.includes("m") && /[$^]/.test(holds ?? "");
    if (holds !== undefined) return unitOf((isOfLines ? `m${holds}` : holds) as Assertion);
    // Backreferences, or what legacy syntax reads instead.
    if (taken(/\\(?:[1-9]\d*|k(?:<[^>]*>)?|0\d+|c(?![a-zA-Z]))/y) !== null) {
      isExact = false;
      return { kind: "choice", options: [[]] };
    }
    const [part = ""] = taken(UNIT) ?? [];
    const set = sets.get(part) ?? setOf(part, flags, budget);
    sets.set(part, set);
    return unitOf(set);
  };

  const parseGroup = ([, ownFlags, behind, sign]: RegExpExecArray): Node => {
    if (ownFlags || behind) isExact = false;
    const body = parseChoice();
    taken(/\)/y);
    if (sign === undefined) return body;
    const holds: Aside = { body, isNegated: sign === "!" };
    asides.push(holds);
    return unitOf(holds);
  };

  return { body: parseChoice(), asides, isExact };
}

function unitOf(unit: CharSet | Assertion): Node {
  return { kind: "unit", unit };
}
