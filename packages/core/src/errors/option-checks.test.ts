import { describe, expect, it } from "vitest";
import { integerOptions, rejectUnknownOptions, unknownOptions } from "./option-checks.js";

const KNOWN = ["pollIntervalMs", "source"];
const HINTS = { page: "docs/page.md", names: { host: "here: source" } };

describe("unknownOptions", () => {
  it("lists what is set and unknown, with a hint or the nearest name", () => {
    const options = { pollIntervallMs: 1, host: "a", zzz: null, source: 1, other: undefined };
    expect(unknownOptions(options, KNOWN, () => HINTS)).toEqual([
      {
        option: "pollIntervallMs",
        nearest: "pollIntervalMs",
        hint: ", did you mean pollIntervalMs?",
      },
      { option: "host", nearest: null, hint: "; here: source, see docs/page.md" },
      { option: "zzz", nearest: null, hint: "" },
    ]);
  });

  it("takes no name of Object's prototype for a hint", () => {
    const [unknown] = unknownOptions({ toString: 1 }, KNOWN, () => HINTS);
    expect(unknown).toEqual({ option: "toString", nearest: null, hint: "" });
  });
});

describe("rejectUnknownOptions", () => {
  it("names the owner, the option and the nearest name", () => {
    expect(() => rejectUnknownOptions({ sourc: 1 }, KNOWN, "client")).toThrow(
      "client.sourc: unknown option, did you mean source?",
    );
  });

  it("refuses what is no object", () => {
    expect(() => rejectUnknownOptions(null as never, KNOWN, "client")).toThrow(
      "client: expected an object, got null",
    );
  });
});

describe("integerOptions", () => {
  const rules = { ttlMs: [1, 60, 30], maxPending: [0, 10, 5] } as const;

  it("takes what is given, and the fallback of what is absent", () => {
    expect(integerOptions({ ttlMs: 60 }, rules)).toEqual({ ttlMs: 60, maxPending: 5 });
  });

  it.each([
    { options: { ttlMs: 0 }, problem: "dedupe.ttlMs: expected an integer in 1…60, got 0" },
    { options: { maxPending: 1.5 }, problem: "dedupe.maxPending: expected an integer in 0…10" },
  ])("refuses $options with the path of the option", ({ options, problem }) => {
    expect(() => integerOptions(options, rules, "dedupe")).toThrow(problem);
  });
});
