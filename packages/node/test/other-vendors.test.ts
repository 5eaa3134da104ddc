import { describe, expect, it } from "vitest";
import { createClient } from "../src/index.js";

describe("a client that is given what another SDK takes", () => {
  it.each([
    { vendor: "growthbook", option: "clientKey" },
    { vendor: "growthbook", option: "apiHost" },
    { vendor: "amplitude", option: "serverUrl" },
    { vendor: "amplitude", option: "flagConfigPollingIntervalMillis" },
    { vendor: "posthog", option: "featureFlagsPollingInterval" },
    { vendor: "posthog", option: "personalApiKey" },
  ])("names the dialect: $option", ({ option, vendor }) => {
    const options = { apiKey: "k", [option]: "x" };
    expect(() => createClient(options)).toThrow(
      `${option}: unknown option; is it ${vendor}'s? give dialect: ${vendor}() of ` +
        `@sortition/${vendor}/dialect, see https://github.com/sortition/sortition/blob/main/docs/migrate/from-${vendor}-node.md`,
    );
  });

  it("says of Eppo's options what it said before", () => {
    const options = { apiKey: "k", pollingIntervalMs: 5 };
    expect(() => createClient(options)).toThrow("here: pollIntervalMs");
  });

  it.each([
    { dialect: "growthbook", says: "dialect: is a string: give dialect: growthbook() of" },
    { dialect: "Eppo", says: "dialect: is a string: leave it out for Eppo's" },
    {
      dialect: () => ({ name: "posthog" }),
      says: "dialect: is a function: call it, such as dialect: growthbook()",
    },
  ])("shows how a dialect is given: $dialect", ({ dialect, says }) => {
    expect(() => createClient({ apiKey: "k", dialect: dialect as never })).toThrow(says);
  });
});
