import { describe, expect, it } from "vitest";
import { usedOptions } from "./used-options.js";

describe("usedOptions", () => {
  it("shows options and their values, quoted if necessary", () => {
    const given = new Map([
      ["config", "flags.json"],
      ["by", "country,plan"],
      ["daily", ""],
      ["map", "attributes.country=the country"],
    ]);
    expect(usedOptions(given)).toBe(
      '--by country,plan --daily --map "attributes.country=the country"',
    );
  });

  it("hides the values of secrets", () => {
    expect(usedOptions(new Map([["decryption-key", "abc"]]))).toBe("--decryption-key …");
  });
});
