import { AssertionError } from "node:assert";
import { describe, expect, it } from "vitest";
import { assertAssigned, assertExposed, assertExposedNothing } from "../src/assert.js";
import { recordExposures, split, testFlags } from "../src/index.js";
import { describeEveryVariation } from "../src/vitest.js";

const flags = testFlags();
flags
  .string("checkout")
  .variations("fast", "standard")
  .when({ country: "DK" })
  .give("fast")
  .otherwise(split({ fast: 50, standard: 50 }));
flags.bandit("shoes").choose("nike");
const exposures = recordExposures();
const client = flags.client({ assignmentLogger: exposures });
client.getStringAssignment("checkout", "subject-1", {}, "none");
client.getBanditAction("shoes", "subject-1", {}, ["nike"], "none");

const RECORDED = `recorded:
  checkout: subject-1 got "standard" by "checkout-otherwise"
  shoes: subject-1 got "shoes" by "shoes-otherwise"
  shoes: subject-1 was shown action "nike"`;

const overridden = client.withOverrides({ checkout: { key: "fast", value: "fast" } });
const early = flags.fork().fail().client();

const OTHERWISE = `Answer   variation "standard" of allocation "otherwise"
Because  in the split for standard
         rule-1: country has no value

✗ 1 rule-1: does not match
  ✗ country has no value, but must be DK (ONE_OF)
✓ 2 otherwise: applies
  ✓ all subjects match
  ✓ shard 8,269 of 10,000, in the range for standard (salt "checkout-otherwise": fast [0, 5000),
      standard [5000, 10000))
`;

/** Each failure of the vitest matcher and of the assertion function. */
const FAILURES: readonly (readonly [() => void, (() => void) | null, string])[] = [
  [
    () => expect(exposures).toHaveExposed("banner"),
    () => assertExposed(exposures, "banner"),
    `expected flag "banner" to be exposed\n${RECORDED}`,
  ],
  [
    () => expect(exposures).toHaveExposed("checkout", { subject: "subject-1", variation: "fast" }),
    () => assertExposed(exposures, "checkout", { subject: "subject-1", variation: "fast" }),
    `expected flag "checkout" to be exposed, subject "subject-1", variation "fast"\n${RECORDED}`,
  ],
  [
    () => expect(exposures).toHaveExposed("checkout", { times: 2 }),
    () => assertExposed(exposures, "checkout", { times: 2 }),
    `expected flag "checkout" to be exposed, 2 times, found 1\n${RECORDED}`,
  ],
  [
    () => expect(exposures).not.toHaveExposed("checkout"),
    null,
    `expected flag "checkout" not to be exposed\n${RECORDED}`,
  ],
  [
    () => expect(exposures).toHaveExposedNothing(),
    () => assertExposedNothing(exposures),
    `expected no exposure\n${RECORDED}`,
  ],
  [
    () => expect(recordExposures()).not.toHaveExposedNothing(),
    null,
    "expected an exposure\nrecorded: nothing; only a flag with split(…) or a bandit has exposures, and only of clients with this assignmentLogger",
  ],
  [
    () => expect(client).toHaveAssigned("checkout", "subject-1", "standard", { country: "DK" }),
    () => assertAssigned(client, "checkout", "subject-1", "standard", { country: "DK" }),
    `expected subject-1 to get "standard"

checkout for subject-1

Answer   variation "fast" of allocation "rule-1"
Because  country is DK

✓ 1 rule-1: applies
  ✓ country is DK (ONE_OF)
  ✓ the subject gets fast
· 2 otherwise: skipped
`,
  ],
  [
    () => expect(exposures).toHaveExposed("checkout", { subject: "subject-2", times: 1 }),
    () => assertExposed(exposures, "checkout", { subject: "subject-2", times: 1 }),
    `expected flag "checkout" to be exposed, subject "subject-2", 1 time, found 0\n${RECORDED}`,
  ],
  [
    () => expect(client).not.toHaveAssigned("checkout", "subject-1", "standard"),
    null,
    `expected subject-1 not to get "standard"

checkout for subject-1

${OTHERWISE}`,
  ],
  [
    () => expect(client).toHaveAssigned("checkout", "subject-1", "fast"),
    () => assertAssigned(client, "checkout", "subject-1", "fast"),
    `expected subject-1 to get "fast"

checkout for subject-1

${OTHERWISE}`,
  ],
  [
    () => expect(overridden).toHaveAssigned("checkout", "subject-1", "standard"),
    () => assertAssigned(overridden, "checkout", "subject-1", "standard"),
    `expected subject-1 to get "standard"

checkout for subject-1: the override "fast"
`,
  ],
  [
    () => expect(early).toHaveAssigned("checkout", "subject-1", "fast"),
    () => assertAssigned(early, "checkout", "subject-1", "fast"),
    `expected subject-1 to get "fast"

checkout for subject-1: there is no configuration yet
`,
  ],
  [
    () => expect(client).toHaveAssigned("banner", "subject-1", true),
    () => assertAssigned(client, "banner", "subject-1", true),
    `expected subject-1 to get true

banner for subject-1

Answer   the default: no such flag
`,
  ],
];

describe("a failure", () => {
  it.each(FAILURES)(
    "%# reports the expected and the actual result",
    (matcher, assertion, message) => {
      expect(messageOf(matcher)).toBe(message);
      if (assertion === null) return;
      expect(messageOf(assertion)).toBe(message);
      expect(assertion).toThrow(AssertionError);
    },
  );

  it("of an assertion function has a stack that starts with the test", () => {
    const stackOf = (): string => {
      try {
        assertExposed(exposures, "banner");
      } catch (error) {
        return (error as Error).stack ?? "";
      }
      return "";
    };
    expect(stackOf()).not.toContain("assertions.ts");
  });
});

describe("an expectation", () => {
  it("does not throw if it is met", () => {
    expect(exposures).toHaveExposed("checkout", {
      subject: "subject-1",
      variation: "standard",
      times: 1,
    });
    expect(exposures).not.toHaveExposed("banner");
    expect(recordExposures()).toHaveExposedNothing();
    expect(client).toHaveAssigned("checkout", "subject-1", "standard");
    expect(client).not.toHaveAssigned("checkout", "subject-1", "fast");
    assertExposed(exposures, "checkout");
    assertExposedNothing(recordExposures());
    assertAssigned(client, "checkout", "subject-1", "standard");
  });

  it("logs nothing", () => {
    const before = exposures.assignments.length;
    expect(client).toHaveAssigned("checkout", "subject-2", "fast", { country: "DK" });
    expect(exposures.assignments).toHaveLength(before);
  });

  it.each([
    [
      () => expect([]).toHaveExposed("a"),
      'toHaveExposed("a"): expected a recorder from recordExposures(), received a list',
    ],
    [
      () => expect(null).toHaveExposedNothing(),
      "toHaveExposedNothing(): expected a recorder from recordExposures(), received null",
    ],
    [
      () => expect({}).toHaveAssigned("a", "b", "c"),
      'toHaveAssigned("a"): expected a client, e.g. from flags.client(), received another object',
    ],
    [
      () => expect(client).toHaveAssigned("subject-1", "checkout", "standard"),
      'toHaveAssigned: "checkout" is a flag: write flagKey, subjectKey, variation in this order',
    ],
    [
      () => assertExposedNothing({} as never),
      "assertExposedNothing(): expected a recorder from recordExposures(), received another object",
    ],
    [
      () => assertExposed((() => {}) as never, "a"),
      'assertExposed("a"): expected a recorder from recordExposures(), received a function',
    ],
  ])("%# rejects other values", (call, message) => {
    expect(call).toThrow(message);
  });
});

const seen: string[] = [];
describeEveryVariation(client, "checkout", {}, (variation, subject) => {
  expect(client).toHaveAssigned("checkout", subject, variation);
  seen.push(variation);
});

it("describeEveryVariation runs a test for each variation", () => {
  expect(seen).toEqual(["fast", "standard"]);
});

function messageOf(call: () => void): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was thrown";
}
