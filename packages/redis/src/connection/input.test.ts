import { describe, expect, it } from "vitest";
import { createClient, prefixOf } from "./input.js";
import { overridesOf } from "./overrides.js";

const OVERRIDES = overridesOf("commands", 1_000);
const URL_WITH_OPTIONS = "redis://u:p%40ss@127.0.0.1:1/3?keyPrefix=app:&readOnly=true&family=6";

describe("a URL with options", () => {
  it("keeps the address and the options that this package does not set", () => {
    const { options } = createClient(URL_WITH_OPTIONS, OVERRIDES);
    expect(options).toMatchObject({
      ...{ host: "127.0.0.1", port: 1, db: 3, username: "u", password: "p@ss", family: 6 },
      ...{ keyPrefix: "", readOnly: false },
    });
  });

  it("contains the prefix, which is added to keys and channels", () => {
    expect(prefixOf(URL_WITH_OPTIONS)).toBe("app:");
  });
});
