import { describe, expect, it } from "vitest";
import { candidatesOf } from "./candidates.js";

describe("candidatesOf a version", () => {
  it.each([
    { version: "2.9.0", other: "10.0.0" },
    { version: "9.9.9", other: "10.0.0" },
    { version: "2.10.0", other: "2.9.0" },
  ])(
    "includes a version that strings sort differently from $version: $other",
    ({ other, version }) => {
      const candidates = candidatesOf([{ attribute: "version", expected: version }]);
      expect(candidates.get("version")?.map(({ value }) => value)).toContain(other);
    },
  );
});
