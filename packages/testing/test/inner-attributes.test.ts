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

describe.each(FORMATS.filter(({ format }) => format in READ_INSIDE))(
  "an attribute of $format",
  ({ create, format }) => {
    it.each(READ_INSIDE[format] ?? [])("is read in %s, and nothing is reported", async (name) => {
      const { said, value } = await evaluated(create(), { [name]: { plan: "gold" } });
      expect({ said, value }).toEqual({ said: [], value: true });
    });
  },
);
