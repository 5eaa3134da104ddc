import { describe, expect, it } from "vitest";
import { paddedVersionString } from "./padded-version.js";
import { plainVersion } from "./plain-version.js";

const VERSIONS = [
  "0.0.0",
  "0.0.1",
  "1.0.0",
  "v1.0.0",
  "1.2.3",
  "1.2.10",
  "1.10.2",
  "9.99999.1",
  "10.0.0",
  "99999.99999.99999",
];

describe("plainVersion", () => {
  it("orders versions like their padded strings", () => {
    for (const a of VERSIONS) {
      for (const b of VERSIONS) {
        const [x, y] = [paddedVersionString(a), paddedVersionString(b)];
        expect(Math.sign(plainVersion(a) - plainVersion(b)), `${a} ${b}`).toBe(
          x === y ? 0 : x < y ? -1 : 1,
        );
      }
    }
  });

  it.each([
    "",
    "v",
    "1",
    "1.2",
    "1.2.3.4",
    "1..2",
    "1.2.",
    ".1.2",
    "01.2.3",
    "1.2.100000",
    "1.2.3-a",
    "1.2.3+b",
    "V1.2.3",
    " 1.2.3",
  ])("returns -1 for %j", (text) => {
    expect(plainVersion(text)).toBe(-1);
  });
});
