import { addAll, addRange, type CharSet, complementOf, emptySet, foldCase } from "./char-set.js";

/** A regular expression, as far as ambiguity is concerned. */
export type Node =
  /** Matches nothing of the text: an anchor, a look-around, a back reference. */
  | { readonly kind: "empty" }
  | { readonly kind: "unit"; readonly set: CharSet }
  | { readonly kind: "sequence"; readonly parts: readonly Node[] }
  | { readonly kind: "choice"; readonly options: readonly Node[] }
  | {
      readonly kind: "repeat";
      readonly body: Node;
      readonly min: number;
      readonly max: number;
    };

/** Parses a pattern that `RegExp` accepts. Look-arounds are added to `asides`: they match on their own. */
export function parsePattern(source: string, isFolded: boolean, asides: Node[]): Node {
  return new Parser(source, isFolded, asides).parseChoice();
}

const EMPTY: Node = { kind: "empty" };

class Parser {
  #at = 0;
  readonly #source: string;
  readonly #isFolded: boolean;
  readonly #asides: Node[];

  constructor(source: string, isFolded: boolean, asides: Node[]) {
    this.#source = source;
    this.#isFolded = isFolded;
    this.#asides = asides;
  }

  /** Up to a closing parenthesis or the end. */
  parseChoice(): Node {
    const options: Node[] = [];
    do {
      const parts: Node[] = [];
      while (this.#at < this.#source.length && !this.#sees("|") && !this.#sees(")")) {
        parts.push(this.#parseTerm());
      }
      options.push(parts.length === 1 ? (parts[0] as Node) : { kind: "sequence", parts });
    } while (this.#takes("|"));
    return options.length === 1 ? (options[0] as Node) : { kind: "choice", options };
  }

  #parseTerm(): Node {
    const body = this.#parseAtom();
    const bounds = this.#parseQuantifier();
    if (bounds === null) return body;
    this.#takes("?"); // lazy: the order of tries changes, not their number
    return { kind: "repeat", body, ...bounds };
  }

  #parseQuantifier(): { min: number; max: number } | null {
    if (this.#takes("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (this.#takes("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (this.#takes("?")) return { min: 0, max: 1 };
    const counted = this.#takesMatch(/\{(\d+)(?:(,)(\d*))?\}/y);
    if (counted === null) return null;
    const [, low = "", comma, high = ""] = counted;
    const min = Number(low);
    if (comma === undefined) return { min, max: min };
    return { min, max: high === "" ? Number.POSITIVE_INFINITY : Number(high) };
  }

  #parseAtom(): Node {
    if (this.#takes("(")) return this.#parseGroup();
    if (this.#takes("[")) return this.#unit(this.#parseClass());
    if (this.#takes("^") || this.#takes("$")) return EMPTY;
    if (this.#takes(".")) return this.#unit(complementOf(LINE_ENDS));
    if (!this.#takes("\\")) return this.#unit(single(this.#next()));
    if (this.#takesMatch(/[bB]|[1-9]\d*|k<[^>]*>/y) !== null) return EMPTY;
    return this.#unit(this.#parseEscape());
  }

  #parseGroup(): Node {
    const isAside = this.#takesMatch(/\?<?[=!]/y) !== null;
    if (!isAside) this.#takesMatch(/\?(?:[a-z-]*:|<[^>]*>)/y);
    const body = this.parseChoice();
    this.#takes(")");
    if (!isAside) return body;
    this.#asides.push(body);
    return EMPTY;
  }

  /** After the opening bracket. */
  #parseClass(): CharSet {
    const isNegated = this.#takes("^");
    const set = emptySet();
    while (this.#at < this.#source.length && !this.#takes("]")) {
      const first = this.#parseMember();
      if (typeof first !== "number") addAll(set, first);
      else if (this.#takesMatch(/-(?=[^\]])/y) === null) addRange(set, first, first);
      else {
        const last = this.#parseMember();
        if (typeof last === "number") addRange(set, first, last);
        else addRange(addAll(addRange(set, first, first), last), 0x2d, 0x2d);
      }
    }
    // Before the complement: what is left out is left out in both cases.
    if (this.#isFolded) foldCase(set);
    return isNegated ? complementOf(set) : set;
  }

  #parseMember(): number | CharSet {
    if (!this.#takes("\\")) return this.#next();
    if (this.#takes("b")) return 0x08;
    if (this.#takes("-")) return 0x2d;
    const set = this.#parseClassEscape();
    return set ?? this.#parseCharacterEscape();
  }

  #parseEscape(): CharSet {
    return this.#parseClassEscape() ?? single(this.#parseCharacterEscape());
  }

  #parseClassEscape(): CharSet | null {
    const name = this.#takesMatch(/[dDwWsS]/y)?.[0];
    if (name === undefined) return null;
    const set = CLASSES[name.toLowerCase() as keyof typeof CLASSES]();
    return name === name.toLowerCase() ? set : complementOf(set);
  }

  #parseCharacterEscape(): number {
    const hex = this.#takesMatch(/x([\da-f]{2})|u([\da-f]{4})/iy);
    if (hex !== null) return Number.parseInt(hex[1] ?? hex[2] ?? "", 16);
    const control = this.#takesMatch(/c([a-z])/iy);
    if (control !== null) return (control[1] ?? "").charCodeAt(0) % 32;
    const unit = this.#next();
    return CONTROLS[String.fromCharCode(unit)] ?? unit;
  }

  #unit(set: CharSet): Node {
    return { kind: "unit", set: this.#isFolded ? foldCase(set) : set };
  }

  #next(): number {
    return this.#source.charCodeAt(this.#at++);
  }

  #sees(character: string): boolean {
    return this.#source[this.#at] === character;
  }

  #takes(character: string): boolean {
    if (!this.#sees(character)) return false;
    this.#at += 1;
    return true;
  }

  /** @param pattern - with the flag `y`. */
  #takesMatch(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match !== null) this.#at += match[0].length;
    return match;
  }
}

const CONTROLS: Readonly<Record<string, number>> = {
  "0": 0,
  t: 0x09,
  n: 0x0a,
  v: 0x0b,
  f: 0x0c,
  r: 0x0d,
};

const CLASSES = {
  d: (): CharSet => addRange(emptySet(), 0x30, 0x39),
  w: (): CharSet => {
    const set = addRange(addRange(emptySet(), 0x30, 0x39), 0x41, 0x5a);
    return addRange(addRange(set, 0x5f, 0x5f), 0x61, 0x7a);
  },
  s: (): CharSet => {
    const set = addRange(addRange(emptySet(), 0x09, 0x0d), 0x20, 0x20);
    for (const unit of [0xa0, 0x2028, 0x2029, 0xfeff]) addRange(set, unit, unit);
    return set;
  },
};

const LINE_ENDS: CharSet = /* @__PURE__ */ addRange(addRange(emptySet(), 0x0a, 0x0a), 0x0d, 0x0d);

function single(unit: number): CharSet {
  return addRange(emptySet(), unit, unit);
}
