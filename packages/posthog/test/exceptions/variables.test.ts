import { describe, expect, it } from "vitest";
import { VariablesReader } from "../../src/exceptions/variables/frame-variables.js";
import { maskedValue, REDACTED, TOO_LONG } from "../../src/exceptions/variables/masked-value.js";
import {
  DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS,
  DEFAULT_CODE_VARIABLES_MASK_PATTERNS,
  matcherOf,
  type NamePattern,
} from "../../src/exceptions/variables/patterns.js";
import { looksLikeSecret } from "../../src/exceptions/variables/secrets.js";

const isMasked = matcherOf(DEFAULT_CODE_VARIABLES_MASK_PATTERNS);
const RULES = {
  maskPatterns: DEFAULT_CODE_VARIABLES_MASK_PATTERNS,
  ignorePatterns: DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS,
};

describe("patterns", () => {
  it.each<{ pattern: NamePattern; text: string; is: boolean }>([
    { pattern: "secret", text: "mySECRETs", is: true },
    { pattern: "secret", text: "secre", is: false },
    { pattern: "^__.*", text: "__a", is: true },
    { pattern: "^__.*", text: "a__", is: false },
    { pattern: "(?i)token", text: "TOKEN", is: true },
    { pattern: "(", text: "(", is: false },
    { pattern: /x/g, text: "x", is: true },
  ])("$pattern matches $text: $is, each time", ({ pattern, text, is }) => {
    const matches = matcherOf([pattern]);
    expect([matches(text), matches(text)]).toEqual([is, is]);
  });
});

describe("a value", () => {
  class Account {
    readonly id = 1;
    readonly password = "hunter2";
  }
  it.each([
    { value: "hello", as: "hello" },
    { value: 1.5, as: 1.5 },
    { value: Number.NaN, as: "NaN" },
    { value: null, as: null },
    { value: undefined, as: "undefined" },
    { value: 5n, as: "5" },
    { value: () => 1, as: "<function>" },
    { value: "my password is x", as: REDACTED },
    { value: "x".repeat(2_049), as: TOO_LONG },
    { value: "postgres://me:hidden@db/x", as: `postgres://${REDACTED}@db/x` },
    { value: { a: 1, apiKey: "k" }, as: { a: 1, apiKey: REDACTED } },
    { value: new Account(), as: { id: 1, password: REDACTED, __class__: "Account" } },
    { value: new Map([["token", 1]]), as: { token: REDACTED } },
    { value: new Set([1]), as: [1] },
    { value: new Date(0), as: "1970-01-01T00:00:00.000Z" },
    { value: new Uint8Array(3), as: "<Uint8Array>" },
    { value: new Error("bad"), as: "bad" },
    { value: new Proxy({}, {}), as: "<Proxy>" },
    { value: Array.from({ length: 51 }), as: TOO_LONG },
  ])("$value is $as", ({ value, as }) => {
    expect(maskedValue(value, isMasked)).toEqual(as);
  });

  it("is truncated if it is circular, deep or wide", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    expect(maskedValue(cycle, isMasked)).toEqual({ self: "<circular ref>" });
    let deep: unknown = 1;
    for (let i = 0; i < 20; i++) deep = [deep];
    expect(JSON.stringify(maskedValue(deep, isMasked))).toContain(TOO_LONG);
    const wide = Array.from({ length: 40 }, () => Array.from({ length: 40 }, () => ({})));
    expect(JSON.stringify(maskedValue(wide, isMasked)).length).toBeLessThan(60_000);
  });

  it("is copied without calling getters of any kind", () => {
    let calls = 0;
    const get = (): number => ++calls;
    const owner = Object.defineProperty({ list: [] as number[] }, "own", { get, enumerable: true });
    Object.defineProperty(owner.list, 0, { get, enumerable: true });
    const inherited = Object.create(Object.defineProperty({}, "constructor", { get }));
    maskedValue({ owner, inherited }, isMasked);
    expect(maskedValue(owner, isMasked)).toEqual({ list: ["<getter>"], own: "<getter>" });
    expect(calls).toBe(0);
  });
});

describe("a secret", () => {
  it.each([
    `sk-ant-${"a1".repeat(10)}`,
    `AKIA${"A1".repeat(8)}`,
    `ghp_${"a1B2".repeat(9)}`,
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdef_g",
    "-----BEGIN RSA PRIVATE KEY-----",
    "Xk9#mQ2$vL7pR4wZ",
  ])("is detected: %s", (text) => {
    expect(looksLikeSecret(text)).toBe(true);
  });

  it.each([
    "123e4567-e89b-12d3-a456-426614174000",
    "d41d8cd98f00b204e9800998ecf8427e",
    "A sentence with several words, and 1 number",
    "/usr/local/lib/node_modules",
    "https://example.com/A1b2C3d4E5",
    "checkout-button-colour",
    "short",
  ])("is not detected: %s", (text) => {
    expect(looksLikeSecret(text)).toBe(false);
  });
});

describe("the variables of a frame", () => {
  it("are numbers and strings, simple ones first", () => {
    const read = new VariablesReader(RULES).read({
      z: { a: [1, "x"] },
      b: true,
      a: 5,
      __hidden: 1,
      password: "hunter2",
    });
    expect(Object.entries(read)).toEqual([
      ["a", 5],
      ["b", "true"],
      ["password", REDACTED],
      ["z", '{"a":[1,"x"]}'],
    ]);
  });

  it("share a size limit", () => {
    const reader = new VariablesReader(RULES);
    const scope = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`v${i}`, "word ".repeat(200)]),
    );
    const read = [reader.read(scope), reader.read(scope)];
    expect(read.map((it) => Object.keys(it).length)).toEqual([10, 0]);
  });
});
