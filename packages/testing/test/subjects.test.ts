import { growthbook } from "@sortition/growthbook/dialect";
import { isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { everyVariation, rollout, split, spread, subjectsIn, testFlags } from "../src/index.js";
import { FORMATS } from "./formats.js";

const formats = FORMATS.map((format, i) => ({ ...format, isTried: isInPart(i, 1) }));

describe.each(formats)("subjects of $format", ({ create, format, isTried, readAs }) => {
  const checkout = readAs("checkout");

  it("are distinct, in the requested number, and among the given keys", () => {
    const flags = create();
    flags.boolean("beta").otherwise(split({ on: 30, off: 70 }));
    const client = flags.client();
    const among = Array.from({ length: 100 }, (_, i) => `customer-${i}`);
    const found = subjectsIn(client, "beta", true, { count: 5, among });
    expect(new Set(found).size).toBe(5);
    for (const subject of found) {
      expect(among).toContain(subject);
      expect(client.getBooleanAssignment("beta", subject, {}, false)).toBe(true);
    }
  });

  it("are found by the keys of numbers and JSON, and by rules without a split", () => {
    const flags = create();
    flags
      .integer("limit")
      .variations({ low: 10, high: 100 })
      .forSubject("subject-3")
      .give("high")
      .otherwise("low");
    flags
      .json("theme")
      .variations({ dark: { c: 1 }, light: { c: 2 } })
      .otherwise(rollout({ dark: 50, light: 50 }));
    const client = flags.client();
    expect(subjectsIn(client, readAs("limit"), "high")).toEqual(["subject-3"]);
    const [dark = ""] = subjectsIn(client, "theme", "dark");
    expect(client.getJSONAssignment("theme", dark, {}, {})).toEqual({ c: 1 });
  });

  it("cannot be found if no rule matches, and the error explains the first subject", () => {
    const flags = create();
    flags
      .string("checkout")
      .variations("fast", "standard")
      .when({ country: "DK" })
      .give("fast")
      .otherwise("standard");
    const client = flags.client();
    const find = () =>
      subjectsIn(client, checkout, "fast", { attributes: { country: "SE" }, maxTries: 50 });
    expect(find).toThrow(expect.objectContaining({ name: "NoSubjectError" }));
    expect(find).toThrow(
      `subjectsIn(client, "${checkout}", "fast"): none of 50 subjects with these attributes get it\n\n`,
    );
    // The condition that fails, and the subject's value.
    expect(find).toThrow("✗ country is SE, not DK (");
  });

  it("cannot be found if the split does not assign the variation, and the error explains the first subject", () => {
    const flags = create();
    flags
      .string("checkout")
      .variations("fast", "standard")
      .otherwise(split({ fast: 0, standard: 100 }));
    const find = () => subjectsIn(flags.client(), checkout, "fast", { maxTries: 50 });
    expect(find).toThrow(
      /none of 50 subjects .*\n\ncheckout(?:\.value)? for subject-1\n.*"standard"/s,
    );
  });

  it("are found for every variation", () => {
    const flags = create();
    flags
      .string("checkout")
      .variations("fast", "slow", "standard")
      .otherwise(split({ fast: 1, slow: 1, standard: 98 }));
    const client = flags.client();
    const found = everyVariation(client, checkout);
    expect(found.map(([variation]) => variation)).toEqual(["fast", "slow", "standard"]);
    for (const [variation, subject] of found) {
      expect(client.getStringAssignment(checkout, subject, {}, "none")).toBe(variation);
    }
  });

  // LaunchDarkly cannot exclude subjects from a split.
  it.runIf(isTried && format !== "LaunchDarkly")(
    "are spread as configured, within the limits of chance",
    () => {
      const flags = create();
      flags
        .string("checkout")
        .variations("a", "b")
        .otherwise(split({ a: 20, b: 50 }));
      const client = flags.client();
      const { configured, isByChance, observed } = spread(client, checkout, { subjects: 2_000 });
      expect(configured?.byVariation.get("a")).toBeCloseTo(0.2, 6);
      expect(configured?.byVariation.get("b")).toBeCloseTo(0.5, 6);
      expect(configured?.unassigned).toBeCloseTo(0.3, 6);
      expect(observed.byVariation.get("a")).toBeCloseTo(0.2, 1);
      expect({ isByChance, format }).toEqual({ isByChance: true, format });
    },
  );

  it.runIf(isTried)("log nothing during the search", () => {
    const flags = create();
    flags
      .string("checkout")
      .variations("a", "b")
      .otherwise(split({ a: 50, b: 50 }));
    let logged = 0;
    const client = flags.client({ assignmentLogger: { logAssignment: () => logged++ } });
    subjectsIn(client, checkout, "a", { count: 10 });
    spread(client, checkout, { subjects: 10 });
    expect(logged).toBe(0);
  });
});

describe("bad input", () => {
  const flags = testFlags();
  flags
    .string("known")
    .variations("a", "b")
    .otherwise(split({ a: 100, b: 0 }));
  const client = flags.client();

  it.each([
    [
      () => subjectsIn(client, "known", "c"),
      'subjectsIn(client, "known", "c"): expected one of "a", "b"',
    ],
    [() => subjectsIn(client, "no", "c"), 'subjectsIn(client, "no", "c"): there is no flag "no"'],
    [
      () => subjectsIn(client, "known", "a", { count: 0 }),
      'subjectsIn(client, "known", "a"): expected a count of 1 or more, received 0',
    ],
    [
      () => subjectsIn(client, "known", "b", { maxTries: 0 }),
      'subjectsIn(client, "known", "b"): expected maxTries of 1 or more, received 0',
    ],
    [
      () => subjectsIn(client, "known", "b", { maxTries: Number.NaN }),
      'subjectsIn(client, "known", "b"): expected maxTries of 1 or more, received NaN',
    ],
    [
      () => spread(client, "known", { subjects: 0 }),
      'spread(client, "known"): expected a number of subjects, received 0',
    ],
    [() => everyVariation(client, "no"), 'everyVariation(client, "no"): there is no flag "no"'],
    [
      () => subjectsIn(flags.fork().fail().client(), "known", "a"),
      'subjectsIn(client, "known", "a"): the client has no configuration yet',
    ],
  ])("%# is rejected", (call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ code: "SORTITION_OPTION" }));
  });

  it("reports how many subjects there were if there are too few", () => {
    const among = ["subject-1", "subject-2"];
    expect(() => subjectsIn(client, "known", "a", { count: 3, among })).toThrow(
      /: only 2 of 2 subjects/,
    );
  });

  it("throws in everyVariation if a variation is impossible", () => {
    expect(() => everyVariation(client, "known")).toThrow(/none of 100000 subjects/);
  });

  it("reports reason and variation without an explainer", () => {
    const bare = testFlags({ dialect: growthbook() });
    bare.boolean("beta").off();
    expect(() => subjectsIn(bare.client(), "beta", true, { maxTries: 3 })).toThrow(
      "beta for subject-1: reason static, variation null",
    );
  });
});

describe("an override", () => {
  const flags = testFlags();
  flags.string("checkout").variations("a", "b").otherwise("a");
  const client = flags.client().withOverrides({ checkout: { key: "b", value: "b" } });

  it("determines the result of every subject", () => {
    expect(subjectsIn(client, "checkout", "b", { count: 2 })).toEqual(["subject-1", "subject-2"]);
    expect(() => subjectsIn(client, "checkout", "a", { maxTries: 3 })).toThrow('the override "b"');
  });
});
