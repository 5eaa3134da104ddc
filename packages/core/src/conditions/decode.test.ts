import { describe, expect, it } from "vitest";
import { DecodeError } from "../errors/errors.js";
import { attempt, attemptEach, expectNumber, expectString, member, unexpected } from "./decode.js";
import { withErrorBudget } from "./error-budget.js";

describe("unexpected", () => {
  it.each([
    { received: undefined, message: "$.a: expected a list, got nothing" },
    { received: null, message: "$.a: expected a list, got null" },
    { received: [], message: "$.a: expected a list, got an array" },
    { received: {}, message: "$.a: expected a list, got an object" },
    { received: "secret", message: "$.a: expected a list, got a string" },
    { received: 7, message: "$.a: expected a list, got a number" },
  ])("shows the type of $received, never its value", ({ received, message }) => {
    expect(unexpected("$.a", "a list", received).message).toBe(message);
  });
});

describe("member", () => {
  it("quotes any characters of a key", () => {
    expect(member("$", 'a"].b')).toBe('$["a\\"].b"]');
  });
});

describe("attempt", () => {
  it("reports a decode error and returns it instead of the result", () => {
    const reports: DecodeError[] = [];
    const result = attempt(
      () => expectString(1, "$"),
      (error) => reports.push(error),
    );
    expect(reports).toEqual([result]);
  });

  it("does not catch other errors", () => {
    const decode = (): never => {
      throw new RangeError("bug");
    };
    expect(() => attempt(decode, () => {})).toThrow(RangeError);
  });
});

describe("attemptEach", () => {
  it("keeps a failure at its index", () => {
    const decoded = attemptEach([1, "x", 3], "$.list", expectNumber, () => {});
    expect(decoded).toEqual([1, expect.any(DecodeError), 3]);
  });

  it("names the element", () => {
    const paths: string[] = [];
    attemptEach([1, "x"], "$.list", expectNumber, ({ path }) => paths.push(path));
    expect(paths).toEqual(["$.list[1]"]);
  });

  it("fails if the value is not an array", () => {
    expect(attemptEach({}, "$.list", expectNumber, () => {})).toBeInstanceOf(DecodeError);
  });

  it("decodes nothing after a failure once a flag's error budget is used up", () => {
    let decodes = 0;
    let reports = 0;
    const decode = (element: unknown, path: string): number => {
      decodes += 1;
      return expectNumber(element, path);
    };
    const list = Array.from({ length: 100_000 }, () => null);
    const decoded = withErrorBudget("$.flag", () =>
      attemptEach(list, "$.flag.list", decode, () => {
        reports += 1;
      }),
    );
    expect([decodes, reports]).toEqual([200, 100_000]);
    expect((decoded as readonly unknown[]).every((it) => it instanceof DecodeError)).toBe(true);
  });

  it("decodes elements before the first failure, even with a used-up error budget", () => {
    const list = Array.from({ length: 1_000 }, () => null);
    const last = withErrorBudget("$.flag", () => {
      attemptEach(list, "$.flag.list", expectNumber, () => {});
      return attemptEach([1, null, 3], "$.flag.last", expectNumber, () => {});
    });
    expect(last).toEqual([1, expect.any(DecodeError), expect.any(DecodeError)]);
  });
});
