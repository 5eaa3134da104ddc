import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createClient } from "../src/index.js";

const PACKAGES = join(import.meta.dirname, "../..");
/** The packages with a dialect. */
const VENDORS = readdirSync(PACKAGES).filter(
  (it) => existsSync(join(PACKAGES, it, "src/dialect.ts")) && it !== "core",
);

describe("a client with an option of another SDK", () => {
  it.each([
    { vendor: "growthbook", option: "clientKey" },
    { vendor: "growthbook", option: "apiHost" },
    { vendor: "amplitude", option: "serverUrl" },
    { vendor: "amplitude", option: "flagConfigPollingIntervalMillis" },
    { vendor: "posthog", option: "featureFlagsPollingInterval" },
    { vendor: "posthog", option: "personalApiKey" },
  ])("suggests the dialect: $option", ({ option, vendor }) => {
    const options = { apiKey: "k", [option]: "x" };
    expect(() => createClient(options)).toThrow(
      `${option}: unknown option; is it an option of ${vendor}? pass dialect: ${vendor}() from ` +
        `@sortition/${vendor}/dialect, see https://github.com/sortition/sortition/blob/main/docs/vendors/${vendor}.md`,
    );
  });

  it("still suggests the new name for Eppo's options", () => {
    const options = { apiKey: "k", pollingIntervalMs: 5 };
    expect(() => createClient(options)).toThrow("use pollIntervalMs");
  });

  it.each(VENDORS)("suggests the dialect for its name: %s", (dialect) => {
    // JavaScript may pass a name.
    expect(() => createClient({ apiKey: "k", dialect: dialect as never })).toThrow(
      `dialect: is a string: pass dialect: ${dialect}() from @sortition/${dialect}/dialect`,
    );
  });

  it.each([
    { dialect: "Eppo", says: "dialect: is a string: omit it to use Eppo's" },
    {
      dialect: () => ({ name: "posthog" }),
      says: "dialect: is a function: call it, for example dialect: growthbook()",
    },
  ])("explains how to pass a dialect: $dialect", ({ dialect, says }) => {
    expect(() => createClient({ apiKey: "k", dialect: dialect as never })).toThrow(says);
  });
});
