import { describe, expect, it } from "vitest";
import { gt, type TestFlags } from "../src/index.js";
import { FORMATS } from "./formats.js";

/** Attributes in which a vendor's rules look up others, by format. */
const READ_INSIDE: Readonly<Record<string, readonly string[]>> = {
  Amplitude: ["user_properties"],
  Statsig: ["custom"],
};

type Rule = Parameters<ReturnType<TestFlags["boolean"]>["when"]>[0];

/** Evaluates a flag that reads `plan`. Returns its value and the warnings. */
async function evaluated(flags: TestFlags, attributes: object, rule: Rule = { plan: "gold" }) {
  flags.boolean("banner").when(rule).give(true).otherwise(false);
  const said: string[] = [];
  const warn = (message: string): void => void said.push(message);
  const diagnostics = { debug() {}, info() {}, warn, error: warn };
  const client = flags.client({ diagnostics });
  const value = client.getBooleanAssignment("banner", "user-1", attributes as never, false);
  await client.close();
  return { value, said };
}

describe.each(FORMATS)("an attribute of $format", ({ create, format }) => {
  // Statsig's dialect reads all attributes of a subject at once, so what a rule lacks is not known.
  it.skipIf(format === "Statsig")("is named with the object that no rule reads", async () => {
    const { said, value } = await evaluated(create(), { details: { plan: "gold" } });
    expect(value).toBe(false);
    expect(said).toContain(
      'flag "banner" reads the attribute "plan", but the subject has it in "details": pass it at the top level',
    );
  });

  it.each(READ_INSIDE[format] ?? [])("is read in %s, and nothing is reported", async (name) => {
    const { said, value } = await evaluated(create(), { [name]: { plan: "gold" } });
    expect({ said, value }).toEqual({ said: [], value: true });
  });
});

describe.each(FORMATS)("a number of $format that is a string", ({ create }) => {
  it("matches, or is named", async () => {
    const { said, value } = await evaluated(create(), { age: "21" }, { age: gt(18) });
    const message =
      'flag "banner" compares the attribute "age" with a number, but the subject has it as a string: pass Number(…)';
    expect(said).toEqual(value ? [] : [message]);
  });

  it("is not named if the number would not match either", async () => {
    const { said, value } = await evaluated(create(), { age: "12" }, { age: gt(18) });
    expect({ said, value }).toEqual({ said: [], value: false });
  });
});
