import { describe, expect, it } from "vitest";
import { copyJson } from "./copy-json.js";

describe("copyJson", () => {
  it("copies every level", () => {
    const json = { list: [{ a: 1 }, [null]], text: "x" };
    const copy = copyJson(json) as typeof json; // it has the same shape
    expect(copy).toEqual(json);
    expect(copy.list).not.toBe(json.list);
    expect(copy.list[0]).not.toBe(json.list[0]);
  });

  it("shares a long list of values, frozen, and copies one with objects", () => {
    const values = Array.from({ length: 10_000 }, (_, i) => `value ${i}`);
    const objects = values.map((name) => ({ name }));
    const copy = copyJson({ values, objects }) as Record<string, unknown[]>;
    expect(copy["values"]).toBe(values);
    expect(Object.isFrozen(values)).toBe(true);
    expect(copy["objects"]).toEqual(objects);
    expect(copy["objects"]).not.toBe(objects);
    expect(Object.isFrozen(objects)).toBe(false);
  });

  it("searches a long list once for objects", () => {
    const values = Array.from({ length: 101 }, (_, i) => i);
    let searches = 0;
    const some = (isObject: (value: unknown) => boolean): boolean => {
      searches += 1;
      return [...values].some(isObject);
    };
    Object.defineProperty(values, "some", { value: some });
    for (let i = 0; i < 3; i++) expect(copyJson([values])).toEqual([values]);
    expect(searches).toBe(1);
  });

  it.each([5, "x", null, true])("returns %s unchanged", (json) => {
    expect(copyJson(json)).toBe(json);
  });

  it("keeps numbers that JSON would lose", () => {
    expect(copyJson([-0, Number.POSITIVE_INFINITY])).toEqual([-0, Number.POSITIVE_INFINITY]);
  });

  it("copies a member named __proto__ as a member", () => {
    const copy = copyJson(JSON.parse('{"__proto__":{"a":1}}')) as object; // it is an object
    expect(Object.keys(copy)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  it("copies values that nest deeper than the stack allows", () => {
    let json: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) json = [json];
    let copy = copyJson(json);
    for (let depth = 0; depth < 100_000; depth++) [copy] = copy as unknown[];
    expect(copy).toBe(1);
  });
});
