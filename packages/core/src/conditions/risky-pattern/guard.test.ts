import { isWhole, seededRandom } from "@sortition/test-kit";
import { describe, expect, it, vi } from "vitest";
import type { Check } from "../../model/check.js";
import { patternGuard } from "./guard.js";

const guardOf = (refuses: boolean) => {
  const report = vi.fn();
  const checks: Check[] = [];
  const guard = patternGuard(refuses, { report, later: (check) => checks.push(check) });
  return { guard, report, checks };
};

describe("a guard that refuses nothing", () => {
  it("lets JavaScript test strings, and checks for risks later", () => {
    const { checks, guard, report } = guardOf(false);
    const risky = /^(a+)+$/;
    expect(guard(risky, "$.a")).toBe(risky);
    guard(/^a+$/, "$.b");
    guard(/(a)\1/, "$.c");
    expect(report).not.toHaveBeenCalled();
    const found = vi.fn();
    for (const check of checks) check(found);
    expect(found.mock.calls).toMatchObject([
      [{ path: "$.a", problem: /exponential/ }, "risky-pattern"],
    ]);
  });
});

describe("a guard that refuses", () => {
  const { guard, report } = guardOf(true);
  const test = (pattern: RegExp, text: string) => guard(pattern, "$")?.test(text);

  it.each([
    [/^(a+)+$/, /exponential/],
    [/<(\w+)>.*<\/\1>/, /cannot be analysed/],
    [/(?<=a)b/, /cannot be analysed/],
    [new RegExp("[ab]x".repeat(40_000)), /cannot be analysed/],
    [/^(.|\n)+$/s, /exponential/],
    [/^.$/u, /cannot be analysed/],
  ])("refuses %s, and reports it at once", (pattern, problem) => {
    report.mockClear();
    expect(guard(pattern, "$.p")).toBeNull();
    expect(report.mock.calls).toMatchObject([[{ path: "$.p", problem }, "risky-pattern"]]);
  });

  it("tests strings in linear time", () => {
    const text = "a".repeat(100_000);
    for (const pattern of [/a+b/, /(?:.*)(?:.*)(?:.*)(?:.*)=/, /^\s*a*\s*a*\s*$/]) {
      expect([pattern, test(pattern, `${text}!`)]).toEqual([pattern, false]);
    }
    expect(test(/^(?:あ|い|う)+$/, "あいう".repeat(30_000))).toBe(true);
    expect(test(/(?:a?){24}(?:a){24}$/, `${text.slice(0, 23)}!`)).toBe(false);
  });

  it("gives up if even linear time takes too long", () => {
    expect(test(/(?=.*b)a/, "a".repeat(100_000))).toBeNull();
  });

  it("accepts values of any type, like JavaScript", () => {
    expect(guard(/^12$/, "$")?.test(12 as never)).toBe(true);
    expect(guard(/^1,2$/, "$")?.test([1, 2] as never)).toBe(true);
    expect(() => guard(/^1$/, "$")?.test(Symbol("x") as never)).toThrow(TypeError);
  });

  it("agrees with JavaScript", () => {
    const random = seededRandom(7);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const sequence = (depth: number): string =>
      Array.from({ length: 1 + Math.floor(random() * 4) }, () => term(depth)).join("");
    const choice = (depth: number): string =>
      random() < 0.3 ? `${sequence(depth)}|${choice(depth)}` : sequence(depth);
    const term = (depth: number): string => {
      if (depth === 0 || random() < 0.7) {
        const atom = pick(ATOMS);
        return /^(?:[$^]|\\[bB])$/.test(atom) ? atom : `${atom}${pick(QUANTIFIERS)}`;
      }
      return `${pick(GROUPS)}${choice(depth - 1)})${pick(QUANTIFIERS)}`;
    };
    let compared = 0;
    const differing: [pattern: RegExp, text: string][] = [];
    const patterns = isWhole ? 1_500 : 250;
    for (let i = 0; i < patterns; i++) {
      const pattern = patternOf(choice(2), pick(["", "i", "m", "s", "ims"]));
      const guarded = pattern && guard(pattern, "$");
      if (!pattern || !guarded) continue;
      for (let j = 0; j < 6; j++) {
        const text = Array.from({ length: Math.floor(random() * 9) }, () => pick(CHARACTERS)).join(
          "",
        );
        if (guarded.test(text) !== pattern.test(text)) differing.push([pattern, text]);
        compared += 1;
      }
    }
    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(3 * patterns);
  });
});

const QUANTIFIERS = ["", "", "", "", "*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?", "{0}"];
const GROUPS = ["(", "(?:", "(?=", "(?!"];
const ATOMS = [
  ...["\u212a", "ſ", "ß", "µ", "ς", "ŉ", "😀"],
  ...String.raw`a b c A k s я Я か . \w \W \d \s \S \D \b \B ^ $ \- \x61 \u0062 [ab] [^a] [a-c] [\w-] [а-яё] [^\s,] [\d-x] [a-\d]
    [-a] [a-] [] [^] [^\W] [^Σ] [\b] [\d--/] { } ] a{,2} \0 \cA \X61 \u{2}`.split(/\s+/),
];
const CHARACTERS = [
  ..."abcAkK\u212aſsSяЯか0 -,\n\u2028./xX61ßẞµΜςΣ\x01\b{}]uŉé".split(""),
  ...["😀", "\ud83d"],
];

function patternOf(source: string, flags: string): RegExp | null {
  try {
    return new RegExp(source, flags);
  } catch {
    return null;
  }
}
