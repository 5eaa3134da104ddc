import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SDK_NAME, SDK_VERSION } from "../src/version.js";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

describe("what events say of this package", () => {
  it.each([
    { member: "name", value: SDK_NAME },
    { member: "version", value: SDK_VERSION },
  ])("is the $member in its manifest", ({ member, value }) => {
    expect(value).toBe(manifest[member]);
  });
});
