import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainCopy } from "./plain-json.js";

const cyclic: Record<string, unknown> = { a: 1 };
cyclic["self"] = cyclic;
const shared = { a: 1 };

describe("plainCopy", () => {
  it.each([
    { of: "a BigInt", value: 10n, copy: "10", removed: 0 },
    { of: "a Date", value: new Date(0), copy: "1970-01-01T00:00:00.000Z", removed: 0 },
    { of: "a Date that is none", value: { at: new Date(Number.NaN) }, copy: {}, removed: 1 },
    {
      of: "NaN and Infinity",
      value: { a: Number.NaN, b: 1 / 0, c: 1 },
      copy: { c: 1 },
      removed: 2,
    },
    { of: "undefined", value: { a: undefined }, copy: {}, removed: 0 },
    { of: "functions and symbols", value: { f: () => 1, s: Symbol("s") }, copy: {}, removed: 2 },
    { of: "a cycle", value: cyclic, copy: { a: 1 }, removed: 1 },
    { of: "one object twice", value: [shared, shared], copy: [{ a: 1 }, { a: 1 }], removed: 0 },
    {
      of: "an array with holes",
      value: [1, undefined, () => 1],
      copy: [1, null, null],
      removed: 1,
    },
    {
      of: "toJSON",
      value: { a: { toJSON: (key: string) => [key] } },
      copy: { a: ["a"] },
      removed: 0,
    },
    { of: "boxed values", value: [Object(1), Object("x")], copy: [1, "x"], removed: 0 },
    { of: "__proto__", value: JSON.parse('{"__proto__":{"a":1}}'), copy: {}, removed: 1 },
  ])("copies $of", ({ value, copy, removed }) => {
    expect(plainCopy(value)).toEqual({ value: copy, removed });
  });

  it("uses substitutes if they are given", () => {
    const round: Record<string, unknown> = { nan: Number.NaN, never: new Date(Number.NaN) };
    round["self"] = [round];
    const substitutes = { number: null, cycle: "again" };
    const value = { nan: null, never: null, self: ["again"] };
    expect(plainCopy(round, undefined, substitutes)).toEqual({ value, removed: 3 });
  });

  it("keeps own members named __proto__ if requested", () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":1},"b":[{"__proto__":2}]}');
    const copy = plainCopy(value, undefined, { proto: true });
    expect(copy).toEqual({ value, removed: 0 });
    expect(JSON.stringify(copy.value)).toBe(JSON.stringify(value));
    expect(Object.getPrototypeOf(copy.value)).toBe(Object.prototype);
  });

  it("copies other members if requested", () => {
    const membersOf = (value: object) => (value instanceof Error ? { name: value.name } : value);
    const value = { error: new RangeError("no"), list: [new Error("x")], a: 1 };
    expect(plainCopy(value, membersOf).value).toEqual({
      error: { name: "RangeError" },
      list: [{ name: "Error" }],
      a: 1,
    });
  });

  it.each([
    {
      because: "a getter throws",
      value: {
        get a(): never {
          throw new Error("no");
        },
        b: 1,
      },
    },
    {
      because: "toJSON throws",
      value: {
        a: {
          toJSON() {
            throw new Error("no");
          },
        },
        b: 1,
      },
    },
    {
      because: "a proxy refuses to list its members",
      value: {
        a: new Proxy(
          {},
          {
            ownKeys() {
              throw new Error("no");
            },
          },
        ),
        b: 1,
      },
    },
  ])("removes a member, because $because", ({ value }) => {
    expect(plainCopy(value)).toEqual({ value: { b: 1 }, removed: 1 });
  });

  it("copies 16 levels", () => {
    let deep: object = {};
    for (let i = 0; i < 100; i++) deep = { deep };
    expect(JSON.stringify(plainCopy(deep).value).match(/deep/g)).toHaveLength(15);
  });

  it("stops at 10 000 members", () => {
    const { value, removed } = plainCopy(Array.from({ length: 20_000 }, (_, i) => i));
    expect(value).toHaveLength(10_000);
    expect(removed).toBe(1);
  });

  it("copies any JSON value exactly", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        fc.pre(!JSON.stringify(value).includes('"__proto__"'));
        const copy = plainCopy(value);
        expect([JSON.stringify(copy.value), copy.removed]).toEqual([JSON.stringify(value), 0]);
      }),
    );
  });

  it("never throws, for any value of JavaScript", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true }), (value) => {
        expect(() => JSON.stringify(plainCopy(value).value)).not.toThrow();
      }),
    );
  });
});
