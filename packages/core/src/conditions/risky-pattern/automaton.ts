import type { CharSet } from "./char-set.js";
import type { Node } from "./syntax.js";

/**
 * The positions of a pattern: its characters and classes, and which of them may follow each other. A pair
 * that several repetitions connect is there several times: the matcher tries each of them.
 */
export interface Automaton {
  readonly sets: readonly CharSet[];
  /** By position: the next position, and in how many ways. */
  readonly next: readonly ReadonlyMap<number, number>[];
}

/** A repetition with at least this upper bound counts as one without. */
const MANY = 10;
/** Larger patterns are not analysed. */
const MAX_POSITIONS = 400;

/** Part of a pattern: where it may begin and end. */
interface Part {
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** Whether it may match nothing. */
  readonly isNullable: boolean;
}

const NOTHING: Part = { first: [], last: [], isNullable: true };

/** `null` if the pattern is too large. */
export function automatonOf(pattern: Node): Automaton | null {
  const builder = new Builder();
  builder.build(pattern);
  return builder.isTooLarge ? null : builder;
}

class Builder implements Automaton {
  readonly sets: CharSet[] = [];
  readonly next: Map<number, number>[] = [];

  get isTooLarge(): boolean {
    return this.sets.length > MAX_POSITIONS;
  }

  build(node: Node): Part {
    if (this.isTooLarge) return NOTHING;
    switch (node.kind) {
      case "empty":
        return NOTHING;
      case "unit": {
        const position = this.sets.push(node.set) - 1;
        this.next.push(new Map());
        return { first: [position], last: [position], isNullable: false };
      }
      case "sequence":
        return node.parts.reduce<Part>((all, it) => this.#join(all, this.build(it)), NOTHING);
      case "choice": {
        const parts = node.options.map((it) => this.build(it));
        return {
          first: parts.flatMap(({ first }) => first),
          last: parts.flatMap(({ last }) => last),
          isNullable: parts.some(({ isNullable }) => isNullable),
        };
      }
      case "repeat":
        return this.#repeat(node);
    }
  }

  #repeat({ body, max, min }: Node & { kind: "repeat" }): Part {
    if (max === 0) return NOTHING;
    // A fixed number of times is written out: `(\d{2})+` is not ambiguous.
    if (min === max && max < MANY) {
      let all = NOTHING;
      for (let i = 0; i < max; i++) all = this.#join(all, this.build(body));
      return all;
    }
    const part = this.build(body);
    if (max > 1) this.#connect(part.last, part.first);
    return { ...part, isNullable: part.isNullable || min === 0 };
  }

  #join(one: Part, other: Part): Part {
    this.#connect(one.last, other.first);
    return {
      first: one.isNullable ? [...one.first, ...other.first] : one.first,
      last: other.isNullable ? [...one.last, ...other.last] : other.last,
      isNullable: one.isNullable && other.isNullable,
    };
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const position of from) {
      const next = this.next[position];
      for (const target of to) next?.set(target, (next.get(target) ?? 0) + 1);
    }
  }
}
