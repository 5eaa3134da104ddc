import semver from "semver";
import { describe, expect, it } from "vitest";
import { parseVersion } from "./semver.js";

const big = `${Number.MAX_SAFE_INTEGER}`;
const tooBig = `${2n ** 53n}`;

describe("parseVersion", () => {
  it.each([
    { text: "1.2.3", valid: true, because: "it is a version" },
    { text: "v1.2.3", valid: true, because: "a leading v is accepted" },
    { text: "V1.2.3", valid: false, because: "a leading V is not accepted" },
    { text: " \t1.2.3\n", valid: true, because: "surrounding spaces are accepted" },
    { text: "v 1.2.3", valid: false, because: "spaces inside are not accepted" },
    { text: "=1.2.3", valid: false, because: "only loose mode accepts an equals sign" },
    { text: "01.2.3", valid: false, because: "of the leading zero" },
    { text: "1.2", valid: false, because: "a component is missing" },
    { text: "1.2.3.4", valid: false, because: "there is one component too many" },
    { text: "1.2.3-", valid: false, because: "the prerelease is empty" },
    { text: "1.2.3-01", valid: false, because: "a numeric identifier has a leading zero" },
    { text: "1.2.3-01a", valid: true, because: "the identifier is not numeric" },
    { text: "1.2.3-a..b", valid: false, because: "an identifier is empty" },
    { text: "1.2.3--", valid: true, because: "a hyphen is an identifier" },
    { text: "1.2.3+build.01", valid: true, because: "build metadata may have leading zeros" },
    { text: "1.2.3-é", valid: false, because: "identifiers are ASCII" },
    { text: `${big}.0.0`, valid: true, because: "it is the largest safe integer" },
    { text: `${tooBig}.0.0`, valid: false, because: "it is above the largest safe integer" },
    { text: `1.2.3-${tooBig}`, valid: true, because: "prereleases have no such limit" },
    { text: `1.2.3-${"a".repeat(250)}`, valid: true, because: "it has 256 characters" },
    { text: `1.2.3-${"a".repeat(251)}`, valid: false, because: "it has 257 characters" },
    { text: `1.2.3${" ".repeat(252)}`, valid: false, because: "spaces count towards the length" },
    { text: "", valid: false, because: "it is empty" },
    { text: 1, valid: false, because: "a number is not a string" },
    { text: null, valid: false, because: "null is not a string" },
  ])("accepts $text: $valid, because $because", ({ text, valid }) => {
    expect(parseVersion(text) !== null).toBe(valid);
    expect(semver.valid(text as string) !== null).toBe(valid);
  });
});
