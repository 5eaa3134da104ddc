import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { RELEASE } from "../src/runtime/version.js";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

describe("what events say of this package", () => {
  it.each([
    { member: "name", value: RELEASE.name },
    { member: "version", value: RELEASE.version },
  ])("is the $member in its manifest", ({ member, value }) => {
    expect(value).toBe(manifest[member]);
  });
});
