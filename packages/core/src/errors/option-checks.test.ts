import { describe, expect, it } from "vitest";
import { rejectUnknownOptions, unknownOptions } from "./option-checks.js";

const KNOWN = ["pollIntervalMs", "source"];
const LISTED = "; the options are pollIntervalMs, source";
const HINTS = { page: "docs/page.md", names: { host: "use source" } };

describe("unknownOptions", () => {
  it("lists unknown options that are set, with a hint or the nearest name", () => {
    const options = { pollIntervallMs: 1, host: "a", zzz: null, source: 1, other: undefined };
    expect(unknownOptions(options, KNOWN, () => HINTS)).toEqual([
      {
        option: "pollIntervallMs",
        nearest: "pollIntervalMs",
        hint: ", did you mean pollIntervalMs?",
      },
      { option: "host", nearest: null, hint: "; use source, see docs/page.md" },
      { option: "zzz", nearest: null, hint: `${LISTED}, see docs/page.md` },
    ]);
  });

  it("does not treat names of Object's prototype as hints", () => {
    const [unknown] = unknownOptions({ toString: 1 }, KNOWN, () => HINTS);
    const hint = `${LISTED}, see docs/page.md`;
    expect(unknown).toEqual({ option: "toString", nearest: null, hint });
  });
});

describe("rejectUnknownOptions", () => {
  it("names the owner, the option and the nearest name", () => {
    expect(() => rejectUnknownOptions({ sourc: 1 }, KNOWN, "client")).toThrow(
      "client.sourc: unknown option, did you mean source?",
    );
  });

  it("rejects values that are not objects", () => {
    expect(() => rejectUnknownOptions(null as never, KNOWN, "client")).toThrow(
      "client: expected an object, got null",
    );
    expect(() => rejectUnknownOptions(Promise.resolve({}), KNOWN, "client")).toThrow(
      "client: is a promise: await it",
    );
  });
});
