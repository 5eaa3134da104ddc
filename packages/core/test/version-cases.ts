import fc from "fast-check";
import semver from "semver";
import { describe, expect, it } from "vitest";
import {
  compareStringWithVersion,
  compareVersions,
  parseVersion,
} from "../src/conditions/semver.js";

const big = `${Number.MAX_SAFE_INTEGER}`;
const tooBig = `${2n ** 53n}`;

/** @param runs - number of version pairs per test. Most generated strings are not versions, so these cost more. */
export function describeVersions(runs: number): void {
  describe("versions, compared with the semver package", () => {
    const number = fc.oneof(
      fc.nat({ max: 20 }),
      fc.constantFrom("00", "01", big, tooBig, "9007199254740993", "007"),
    );
    const identifier = fc.oneof(
      number,
      fc.string({ unit: fc.constantFrom(..."abAB-019"), minLength: 1, maxLength: 4 }),
    );
    const dotted = fc.array(identifier, { minLength: 1, maxLength: 3 }).map((it) => it.join("."));
    const version = fc
      .tuple(
        fc.constantFrom("", "", "", "v", " ", "=", "V"),
        fc.array(number, { minLength: 2, maxLength: 4 }),
        fc.option(dotted),
        fc.option(dotted),
        fc.constantFrom("", "", "", " ", "+", "-"),
      )
      .map(
        ([prefix, core, prerelease, build, suffix]) =>
          `${prefix}${core.join(".")}${prerelease === null ? "" : `-${prerelease}`}${build === null ? "" : `+${build}`}${suffix}`,
      );
    const valid = version.filter((it) => semver.valid(it) !== null);

    it("are the same strings", () => {
      fc.assert(
        fc.property(version, (text) => {
          expect(parseVersion(text) !== null).toBe(semver.valid(text) !== null);
        }),
        { numRuns: runs },
      );
    });

    it("have the same order", () => {
      fc.assert(
        fc.property(valid, valid, (a, b) => {
          const order = compareVersions(parseVersion(a)!, parseVersion(b)!);
          expect(Math.sign(order)).toBe(semver.compare(a, b));
        }),
        { numRuns: runs / 5 },
      );
    });

    it("have the same order when only their prereleases differ", () => {
      fc.assert(
        fc.property(dotted, dotted, (a, b) => {
          const [left, right] = [`1.0.0-${a}`, `1.0.0-${b}`];
          fc.pre(semver.valid(left) !== null && semver.valid(right) !== null);
          const order = compareVersions(parseVersion(left)!, parseVersion(right)!);
          expect(Math.sign(order)).toBe(semver.compare(left, right));
        }),
        { numRuns: runs },
      );
    });

    it("compare with strings like with each other, and result in NaN for other strings", () => {
      const any = fc.oneof(
        version,
        fc.array(number, { maxLength: 4 }).map((it) => it.join(".")),
      );
      fc.assert(
        fc.property(any, valid, (text, bound) => {
          const [parsed, parsedBound] = [parseVersion(text), parseVersion(bound)!];
          const expected = parsed === null ? Number.NaN : compareVersions(parsed, parsedBound);
          expect(Math.sign(compareStringWithVersion(text, parsedBound))).toBe(expected);
        }),
        { numRuns: runs },
      );
    });
  });
}
