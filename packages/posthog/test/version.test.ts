import { describe, expect, it } from "vitest";
import { TRUE, UNSUPPORTED } from "../src/dialect/condition/tri.js";
import { compileVersion, readVersion } from "../src/dialect/condition/version.js";

describe("compileVersion", () => {
  it("reads plain versions like all others", () => {
    const parts = ["", "0", "1", "01", "12", "123456789012345", "v1", "1-b", " 2"];
    const ends = ["", ".", ".0", ".3", ".03", ".3.4", ".3-rc.1", ".x"];
    for (const first of parts) {
      for (const second of parts) {
        for (const version of ends.map((end) => `${first}.${second}${end}`)) {
          const outcome = compileVersion("eq", version, UNSUPPORTED)?.(version);
          expect(outcome, version).toBe(readVersion(version) === null ? UNSUPPORTED : TRUE);
        }
      }
    }
  });
});
