// Patterns of the core SDK, which are Rust's, compared with it for values in several scripts.
import { isWhole } from "@sortition/test-kit";
import { beforeAll, describe, expect, it } from "vitest";
import { gatesFor } from "./gates.js";
import { clientOf, evaluate } from "./ours.js";
import { type Vendor, vendorOf } from "./vendor.js";

/** Patterns with syntax that JavaScript has too. */
const SHARED = String.raw`
pro ^pro$ ^pro US|DE ^(US|DE)$ ^[a-z]+$ ^[^@]+@example\.com$ ^\w+$ ^\W+$ ^\w+@\w+\.\w{2,10}$ \w \W \d \D \s \S ^\d+$ ^\D$ ^\s+$ ^\S+$
\bpro\b \bé \Bé caf\b ^\b\w+\b$ \B! é ß ^ß$ 中 ^.$ ^..$ . ^.+$ ^.*$ ^[^a]$ ^[^\n]+$ ^[\w-]+$ ^[\d.]+$ ^[\s\S]*$ ^[\d\D]$ [^\S] [^\s] [😀-😂] ^😀+$
^\p{L}+$ \p{L} ^\p{Lu} \p{Nd} ^\P{L}+$ \p{M} ^\p{Script=Greek}+$ \p{Script=Han} ^[\p{L}\p{M}'-]+$ [^\p{L}] \p{Emoji} \p{Any}
(?i)pro ^(?i)pro$ (?i)^PRO$ (?i)ß (?i)k (?i)^s$ (?i)^[^s]$ (?i)^\w+$ (?i)é (?i)\p{Lu} (?i)^[^\p{Lu}]$ (?i)[a-z] (?i)ÉMILE
(?m)^pro$ (?m)^b$ (?m)b$ (?s)a.b a.b (?s)^.$ (?ims)^A.B$ (?u)é (?=.*é)a (?!é)a ^(?=\w)é (?<=é)a (?<!é)a (?=.)\bé (?<=\bé)a ^(?!.*\n)
(a)\1 (?<n>a)\k<n> (é)\1 ^\u0061\x62$ ^a{2}$ ^é{2,3}$ ^a*?$ a| () ^$ ^[a-]$ ^[\b]$ ^a\-b$ ^a\/b$ ^a}b$ ^a]b$
( [ ) *a [b-a] a{2,1} ^\d{4}-\d{2}$ ^\w{199}$ ^[a-z]{1,300}$ ^\t$ ^\v$ ^\r$ \n
`;
/** Patterns with syntax of Rust only, or that JavaScript reads otherwise. They are undecided. */
const FOREIGN = String.raw`
^(?i:US)$ (?x)a (?P<n>a) ^pro\z \Apro \h ^[a-z&&[^b]]+$ ^a{,2}$ a++ (?>a) [[:alpha:]] ^\w{500}$ ^\pL+$ \p{Greek} \p{lu} (?i-s)a (?-u)a a** ^a{2}{3}$ \Q.\E
a{b \q \0 \< ^*a \b*a [\w-x] [a--b] ^(?:\d{50}){50}$ \u{61} \x{61} [\W] (?=a)*b (?<n>a)(?<n>b) ^\D{1000}$ \8 \Z \K \R \X \e (?#c)a (?|a) (?i)\P{Lu} (?:(a)|c)\1b (a)?\1b \1(a) (a\1) ^[]a]$ \ (?a)b ^\w{1,255}$
`;
const listed = (text: string): string[] => text.trim().split(/\s+/);
const TRANSLATED: readonly string[] = ["^a b$", "^[ #]$", ...listed(SHARED)];
const PATTERNS: readonly string[] = [...TRANSLATED, ...listed(FOREIGN)];

const VALUES: readonly string[] = [
  ...listed(`pro PRO Pro! US us a A aa AB ab a-b a/b a}b a]b caf! 5 05 2024-01 - _ ] ^ ! k s b c cb
    é éa aé é! É éé e\u0301 \u0301 café Émile ß ẞ ſ \u212a İstanbul 中 中文 αβγ Жанна ٣ १२ ² ① ⓐ ª ﬁ 👍 😀 😀😁
    👨\u200d👩 \u200d \u180e a\u0085b anna@example.com émile@example.com 名前@例え.com o'neil`),
  ...["", " ", "a b", "\n", "\r", "\r\n", "\u2028", "\u0085", "\v", "\t", "\b", "\u00a0", "\ufeff"],
  ...["a\nb", "a\rb", "a\u2028b", "pro\n", "x\r\npro", "a".repeat(200)],
];

/** Strings and patterns that a test in linear time cannot decide. */
const OTHER = /[^\0-\x7f]|\r/;
const SPECIAL = /\\[pP]|[^\0-\uffff]/u;
/** Patterns that cannot be analysed, so that `refuseRiskyPatterns` refuses them. */
const REFUSED = /\(\?<[!=]|\\[1k]/;

describe("patterns of the core SDK", () => {
  const payload = gatesFor("str_matches", PATTERNS);
  let vendor: Vendor;
  beforeAll(async () => {
    vendor = await vendorOf("core", payload);
    return () => vendor.close();
  });

  it.each([false, true])(
    "have the vendor's results or are undecided, with refuseRiskyPatterns: %s",
    (refuseRiskyPatterns) => {
      const ours = clientOf("core", payload, { refuseRiskyPatterns });
      const differences: string[] = [];
      const undecided = new Set<string>();
      for (const [row, pattern] of PATTERNS.entries()) {
        for (const [column, value] of VALUES.entries()) {
          if (!isWhole && (row + 3 * column) % 8 !== 0) continue;
          const user = { userID: "u", custom: { x: value } };
          const own = evaluate(ours, "gate", `g${row}`, user);
          const isRefused = refuseRiskyPatterns && REFUSED.test(pattern);
          const expected = !isRefused && vendor.evaluate("gate", `g${row}`, user).value;
          const mayBeOpen = row >= TRANSLATED.length || OTHER.test(value) || SPECIAL.test(pattern);
          if (own.reason === "unresolved") undecided.add(pattern);
          if (own.reason === "unresolved" ? !mayBeOpen : own.value !== expected) {
            differences.push(JSON.stringify({ pattern, value, ours: own }));
          }
        }
      }
      expect(differences).toEqual([]);
      const open = PATTERNS.filter((it) => undecided.has(it));
      if (refuseRiskyPatterns) expect(open).toEqual(expect.arrayContaining(listed(FOREIGN)));
      else expect(open).toEqual(listed(FOREIGN));
    },
  );

  it("are issues if they are risky, also with properties of characters", () => {
    const [condition] = Object.values(payload.condition_map);
    const risky = { ...condition, targetValue: "^(\\p{L}+)+$" };
    const ours = clientOf("core", { ...payload, condition_map: { 0: risky } });
    const codes = ours.getConfiguration()?.issues.map(({ code }) => code);
    expect(codes).toContain("risky-pattern");
  });

  it("are issues if they are undecided, with the part that is not translated", () => {
    const issues = clientOf("core", payload).getConfiguration()?.issues ?? [];
    const found = issues.filter(({ code }) => code === "undecided-pattern");
    expect(found).toHaveLength(listed(FOREIGN).length);
    const messages = found.map(({ message }) => message).join("\n");
    for (const part of ["(?i:US)", "[[:alpha:]]", "\\z", "{,2}", "{500}", "\\p{Greek}"]) {
      expect(messages).toContain(`has "${part}`);
    }
  });
});
