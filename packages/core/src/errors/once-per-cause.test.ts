import { describe, expect, it } from "vitest";
import { OncePerCause } from "./once-per-cause.js";

describe("OncePerCause", () => {
  it("reports each cause and key once", () => {
    const mistakes = new OncePerCause();
    const noted = ["a", "a", "b"].map((key) => mistakes.first("unknown", key));
    expect(noted).toEqual(["a", null, "b"]);
    expect(mistakes.first("of another type", "a")).toBe("a");
  });

  it("reports at most a hundred in all", () => {
    const mistakes = new OncePerCause();
    const noted = Array.from({ length: 150 }, (_, i) => mistakes.first(`cause ${i % 3}`, i));
    expect(noted.filter((name) => name !== null)).toHaveLength(100);
  });

  it("shortens long keys of any type", () => {
    const mistakes = new OncePerCause();
    const noted = [undefined, 7, "x".repeat(300), Object.create(null)].map((key) =>
      mistakes.first("unknown", key),
    );
    expect(noted).toEqual(["undefined", "7", "x".repeat(200), "a value without a string form"]);
    expect(mistakes.first("unknown", "x".repeat(300))).toBeNull();
  });
});
