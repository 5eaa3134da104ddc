import { describe, expect, it } from "vitest";
import { boolean, integer, readOptions, string, withMethods } from "./read-options.js";

const READERS = () => ({
  redis: (path: string, value: unknown) => {
    if (value === undefined) return string(undefined)(path, "");
    return value;
  },
  pollIntervalMs: integer(100, 1_000, 500),
  eligible: boolean(true),
  origin: withMethods<object>("httpOrigin({ apiKey })", "fetchOnce"),
});
const HINTS = { page: "the page", names: { url: "use redis" } };

const messageOf = (options: object): string => {
  try {
    readOptions(READERS(), options, undefined, () => HINTS);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
};

describe("readOptions", () => {
  it("returns each option or its default", () => {
    expect(readOptions(READERS(), { redis: "r", eligible: false })).toEqual({
      ...{ redis: "r", pollIntervalMs: 500, eligible: false, origin: undefined },
    });
  });

  it("reports all problems together, unknown options first", () => {
    const given = { redis: "r", pollIntervalMs: 5, eligibel: true, origin: {} };
    expect(messageOf(given).split("\n")).toEqual([
      "eligibel: unknown option, did you mean eligible?",
      "pollIntervalMs: expected an integer in 100…1000, got 5; it is in milliseconds: 30 s is 30_000, see the page",
      "origin: expected an object with a function fetchOnce, such as httpOrigin({ apiKey }), see the page",
    ]);
  });

  it("does not report a missing option that a hint names", () => {
    expect(messageOf({ url: "r" })).toBe("url: unknown option; use redis, see the page");
    expect(messageOf({})).toBe("redis: expected a non-empty string, see the page");
  });

  it("lists the options if nothing is known about an option or its owner", () => {
    const listed = "; the options are redis, pollIntervalMs, eligible, origin";
    const readAny = (options: unknown) => () => readOptions(READERS(), options as object);
    expect(readAny({ redis: "r", colour: 1 })).toThrow(`colour: unknown option${listed}`);
    expect(readAny("r")).toThrow(
      `options: expected an object, got string: write { redis }${listed}`,
    );
  });

  it.each([null, undefined, "text"])("refuses %j by name", (options) => {
    expect(() => readOptions(READERS(), options as never)).toThrow("options: expected an object");
  });
});
