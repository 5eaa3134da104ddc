import { describe, expect, it } from "vitest";
import type { TestFlags } from "../src/index.js";
import { FORMATS } from "./formats.js";

/** Attributes in which a vendor's rules look up others, by format. */
const READ_INSIDE: Readonly<Record<string, readonly string[]>> = {
  Amplitude: ["user_properties"],
  Statsig: ["custom"],
};

/** Evaluates a flag that reads `plan`. Returns its value and the warnings. */
async function evaluated(flags: TestFlags, attributes: object) {
  flags.boolean("banner").when({ plan: "gold" }).give(true).otherwise(false);
  const said: string[] = [];
  const warn = (message: string): void => void said.push(message);
  const diagnostics = { debug() {}, info() {}, warn, error: warn };
  const client = flags.client({ diagnostics });
  const value = client.getBooleanAssignment("banner", "user-1", attributes as never, false);
  await client.close();
  return { value, said };
}

/** Rules of the other two read no objects. Their clients report the object itself if no allocation applies. */
const READS_OBJECTS = FORMATS.filter(({ format }) => !["Eppo", "Datadog"].includes(format));

describe.each(READS_OBJECTS)("an attribute of $format", ({ create, format }) => {
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
