import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { RELEASE } from "../src/runtime/version.js";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

describe("the package in events", () => {
  it.each([
    { member: "name", value: RELEASE.name },
    { member: "version", value: RELEASE.version },
  ])("has the $member of its manifest", ({ member, value }) => {
    expect(value).toBe(manifest[member]);
  });
});
