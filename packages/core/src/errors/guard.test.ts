import { describe, expect, it } from "vitest";
import { guarded, isThenable, messageOf } from "./guard.js";

describe("guarded", () => {
  it.each([
    {
      call: () => {
        throw "no";
      },
      because: "it throws",
    },
    { call: () => Promise.reject("no"), because: "it rejects" },
    {
      call: () => ({
        // biome-ignore lint/suspicious/noThenProperty: this is what a broken promise looks like.
        get then() {
          throw "no";
        },
      }),
      because: "the thenable that it returns throws",
    },
  ])("reports a call, because $because", async ({ call }) => {
    const causes: unknown[] = [];
    guarded(call, (cause) => causes.push(cause));
    await Promise.resolve();
    expect(causes).toEqual(["no"]);
  });
});

describe("isThenable", () => {
  it.each([
    { value: Promise.resolve(), is: true },
    { value: null, is: false },
    { value: "then", is: false },
    { value: {}, is: false },
    // biome-ignore lint/suspicious/noThenProperty: a function may be awaited too
    { value: Object.assign(() => {}, { then() {} }), is: true },
  ])("returns $is for $value", ({ value, is }) => {
    expect(isThenable(value)).toBe(is);
  });
});

describe("messageOf", () => {
  it.each([
    { cause: new TypeError("no"), message: "no", because: "it is an error" },
    { cause: "no", message: "no", because: "it is a string" },
    { cause: undefined, message: "undefined", because: "anything can be thrown" },
    {
      cause: Object.create(null),
      message: "a value without a string form",
      because: "it has no method that returns a string",
    },
  ])("is $message, because $because", ({ cause, message }) => {
    expect(messageOf(cause)).toBe(message);
  });
});
