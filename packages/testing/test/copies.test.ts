import { createRequire } from "node:module";
import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookExplainer } from "@sortition/growthbook/explain";
import { describe, expect, it } from "vitest";
import * as assertOfModules from "../src/assert.js";
import * as modules from "../src/index.js";
import "../src/vitest.js";

type Testing = typeof modules;
type Assert = typeof assertOfModules;

const require = createRequire(import.meta.url);
const scripts = require("@sortition/testing") as Testing; // the same package in CommonJS
const assertOfScripts = require("@sortition/testing/assert") as Assert; // as above
const growthbookOfScripts = {
  ...require("@sortition/growthbook/dialect"),
  ...require("@sortition/growthbook/explain"),
} as { growthbook: typeof growthbook; growthbookExplainer: typeof growthbookExplainer }; // as above

/** Describes an integer flag, whose variations GrowthBook does not name. */
function describeLimit(copy: Testing): modules.TestFlags {
  const isModule = copy === modules;
  const flags = copy.testFlags({
    dialect: (isModule ? growthbook : growthbookOfScripts.growthbook)(),
    explainer: isModule ? growthbookExplainer : growthbookOfScripts.growthbookExplainer,
  });
  flags
    .integer("limit")
    .variations({ low: 10, high: 100 })
    .forSubject("subject-1")
    .give("low")
    .when({ country: "DK" })
    .give("high")
    .otherwise("low");
  return flags as modules.TestFlags; // it has the private members of the other copy
}

function messageOf(call: () => void): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message; // assertions throw errors
  }
  return "nothing was thrown";
}

describe("an ES module and a CommonJS copy in one process", () => {
  it("are different modules", () => {
    expect(scripts.recordExposures).not.toBe(modules.recordExposures);
    expect(assertOfScripts.assertExposed).not.toBe(assertOfModules.assertExposed);
  });

  it.each([
    ["CommonJS", scripts, assertOfModules],
    ["ES module", modules, assertOfScripts],
  ] as const)("accept the recorder of the %s in the matchers of both", (_, copy, other) => {
    const exposures = copy.recordExposures();
    expect(exposures).toHaveExposedNothing();
    other.assertExposedNothing(exposures);
    const flags = copy.testFlags();
    flags
      .string("checkout")
      .variations("a", "b")
      .otherwise(copy.split({ a: 50, b: 50 }));
    flags
      .client({ assignmentLogger: exposures })
      .getStringAssignment("checkout", "subject-1", {}, "");
    expect(exposures).toHaveExposed("checkout", { subject: "subject-1", times: 1 });
    other.assertExposed(exposures, "checkout", { subject: "subject-1", times: 1 });
  });

  it("know the variations declared by the other copy's flags, and explain failures with its explainer", () => {
    const attributes = { country: "DK" };
    const failures = [scripts, modules].map((copy) => {
      const client = describeLimit(copy).client();
      expect(client).toHaveAssigned("limit", "user-1", "high", attributes);
      assertOfScripts.assertAssigned(client, "limit", "user-1", "high", attributes);
      for (const { everyVariation, subjectsIn } of [scripts, modules]) {
        expect(subjectsIn(client, "limit", "high", { attributes })).toEqual(["subject-2"]);
        expect(everyVariation(client, "limit", attributes)).toEqual([
          ["low", "subject-1"],
          ["high", "subject-2"],
        ]);
      }
      return [
        messageOf(() => expect(client).toHaveAssigned("limit", "user-1", "high")),
        messageOf(() => assertOfScripts.assertAssigned(client, "limit", "user-1", "high")),
      ];
    });
    const [first, ...others] = failures.flat();
    expect(first).toMatch(/✗ .*country/);
    for (const other of others) expect(other).toBe(first);
  });

  it("follow the clock of the other copy's client", () => {
    for (const [copy, other] of [
      [scripts, modules],
      [modules, scripts],
    ] as const) {
      const flags = copy.testFlags();
      flags.boolean("sale").on();
      const payload = JSON.parse(flags.payload());
      payload.flags.sale.allocations[0].startAt = "2026-06-01T00:00:00Z";
      let now = Date.parse("2026-01-01T00:00:00Z");
      const client = flags.set(payload).client({ clock: { now: () => now } });
      const among = ["user-1"];
      expect(() => other.subjectsIn(client, "sale", true, { among })).toThrow(/none of 1/);
      now = Date.parse("2026-07-01T00:00:00Z");
      expect(other.subjectsIn(client, "sale", true, { among })).toEqual(among);
    }
  });
});
