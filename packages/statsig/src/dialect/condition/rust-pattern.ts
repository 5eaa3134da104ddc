/**
 * A pattern of the vendor's core SDK, which uses Rust's crate `fancy-regex`, as regular expressions of JavaScript.
 */
export interface RustPattern {
  /** Matches what the vendor's SDK matches. */
  readonly exact: RegExp;
  /** The pattern as JavaScript reads it without the flag `u`, which the analysis of risks understands. */
  readonly plain: RegExp;
  /** Matches strings for which both may differ. */
  readonly differing: RegExp;
}

const FLAGS = /^\(\?([imsu]+)\)(.*)$/s;
/** An escaped character. */
const CHARACTER = String.raw`\\(?:[tnrfv]|x[\da-fA-F]{2}|u[\da-fA-F]{4}|[!-/:;=?@[-\x60{-~ ])`;
/** A set of characters. */
const SET = String.raw`\\(?:[dDsSwW]|[pP]\{[A-Za-z_=]+\})`;
const MEMBER = String.raw`(?:${CHARACTER}|\\b|[^\\[\]&~-]|&(?!&)|~(?!~))`;
const CLASS = String.raw`\[\^?(?!\]|--)-?(?:(?!\\W)${SET}(?!-[^\]])|${MEMBER}(?:-${MEMBER})?)*-?\]`;
/** Without a bracket, both engines refuse a class. */
const OPEN_CLASS = String.raw`\[(?:\\.|[^\]\\])*$`;
const GROUP = String.raw`\((?:\?(?:<?[=!]|:|<([A-Za-z_]\w*)>)|(?![?*]))|\)`;
const REFERENCE = String.raw`\\(?:([1-9]\d?)|k<([A-Za-z_]\w*)>)`;
const REPETITION = String.raw`(?:[*+?]|\{(\d+)(?:,(\d*))?\})\??(?![*+?{])`;
const ASSERTION = String.raw`(?:[\^$]|\\[bB])(?![*+?{])`;
/** Syntax that JavaScript has too, with the same meaning or one that can be written. */
const TOKEN = new RegExp(
  String.raw`${GROUP}|${REFERENCE}|${REPETITION}|${ASSERTION}|${CLASS}|${OPEN_CLASS}|${CHARACTER}|${SET}|[^\\[(){*+?^$]`,
  "suy",
);

const WORD = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}`;
/** What a part outside a class becomes. */
const FORMS: Readonly<Record<string, string>> = {
  ...{ "\\w": `[${WORD}]`, "\\W": `[^${WORD}]`, "]": "\\]", "}": "\\}" },
  "\\b": `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`,
  "\\B": `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`,
};
const SETS: Readonly<Record<string, string>> = {
  ...{ "\\d": "\\p{Nd}", "\\D": "\\P{Nd}", "\\w": WORD },
  ...{ "\\s": "\\p{White_Space}", "\\S": "\\P{White_Space}" },
};
/** Some group may have no match: JavaScript's references to it match nothing, and the vendor's fail. */
const OPTIONAL_GROUP = /\||\(\?<?!|\)(?:[*?]|\{0)/;
const PROPERTY = /\\[pP]\{[^}]*\}/g;
const ANY = /^/;
const NONE = /(?!)/;
/** The vendor's limit is the size of the automaton. This is below it: 200 times `\w`, or 500 times `\d`. */
const MAX_COST = 20_000;

/**
 * Translates a pattern.
 *
 * @returns the part of the pattern that is not translated, or `null` if both engines refuse the pattern.
 */
export function rustPattern(pattern: string): RustPattern | string | null {
  const [, flags = "", source = pattern] = FLAGS.exec(pattern.replace(/^\^\(\?i\)/, "(?i)^")) ?? [];
  const costs = [0];
  const groups: string[] = [];
  let cost = 0;
  let exact = "";
  for (let at = 0; at < source.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [token, name, number, reference, low, high] = TOKEN.exec(source) ?? [];
    const isReference = (number ?? reference) !== undefined;
    const isGroupKnown = reference ? groups.includes(reference) : Number(number) <= groups.length;
    const isUnknown =
      token === undefined ||
      (flags.includes("i") && token.includes("\\P")) ||
      (name !== undefined && groups.includes(name)) ||
      (isReference && (!isGroupKnown || costs.length > 1 || OPTIONAL_GROUP.test(source)));
    if (isUnknown) return source.slice(at, at + 12);
    const sum = costs.pop() ?? 0;
    if (token === ")") {
      cost = sum;
      costs.push((costs.pop() ?? 0) + cost);
    } else if (token.startsWith("(")) {
      costs.push(sum, 0);
      if (token === "(" || name !== undefined) groups.push(name ?? "");
    } else {
      cost = low === undefined ? costOf(token) : cost * (Number(high || low) - 1);
      costs.push(sum + cost);
      if (sum + cost > MAX_COST) return token;
    }
    exact += translated(token, flags);
  }
  // The analysis of risks, and a guard that refuses patterns, know neither code points nor properties.
  const shown = source.replace(PROPERTY, "\\w").replace(/[\u{10000}-\u{10ffff}]/gu, "x");
  const plain = regExp(shown, flags.replace("u", ""));
  const compiled = regExp(exact, flags.includes("i") ? "iu" : "u");
  if (plain === null && compiled === null) return null;
  if (plain === null || compiled === null)
    return source.match(PROPERTY)?.[0] ?? source.slice(0, 12);
  const differing = shown === source ? differingFor(source, flags) : ANY;
  return { exact: compiled, plain, differing };
}

function regExp(source: string, flags: string): RegExp | null {
  try {
    return new RegExp(source, flags);
  } catch {
    return null;
  }
}

/** Matches strings that JavaScript may match otherwise, without the flag `u`. */
function differingFor(source: string, flags: string): RegExp {
  if (flags.includes("i") || /\\[dDsSwWbB]/.test(source)) return /[^\0-\x7f]|\r/;
  return flags.includes("m") || /(?<!\\)\.|\[\^/.test(source)
    ? /[\r\u2028\u2029\ud800-\udfff]/
    : NONE;
}

/** Estimates the size of a part in the vendor's automaton. */
function costOf(token: string): number {
  const count = (sets: RegExp): number => token.match(sets)?.length ?? 0;
  const ofSets = 100 * count(/\\[wWpP]/g) + 40 * count(/\\[dD]/g);
  return ofSets || (/^(?:\.|\[|\\[sS])/.test(token) ? 4 : 1);
}

function translated(token: string, flags: string): string {
  if (token === ".") return flags.includes("s") ? "[^]" : "[^\\n]";
  if (token === "^" && flags.includes("m")) return "(?<![^\\n])";
  if (token === "$" && flags.includes("m")) return "(?![^\\n])";
  // With the flag `u`, few characters can be escaped.
  const hexOf = (_: string, it: string) => `\\x${it.charCodeAt(0).toString(16)}`;
  const portable = token.replace(/\\([^a-zA-Z\d])/g, hexOf);
  return FORMS[token] ?? portable.replace(/\\[dDsSw]/g, (it) => SETS[it] ?? it);
}
