import { Configuration, staticSource } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import type { ClientOptions } from "../src/client/options.js";
import { flagsBody } from "./support/flags.js";

const initialConfiguration = Configuration.from({ flagsConfiguration: flagsBody("initial") });
const source = staticSource(initialConfiguration);

describe("createClient", () => {
  it.each<{ options: object; option: string; because: string }>([
    { options: {}, option: "apiKey", because: "there is nothing to serve" },
    { options: { apiKey: "" }, option: "apiKey", because: "a blank key is none" },
    { options: { apiKey: "  " }, option: "apiKey", because: "a blank key is none" },
    { options: { apiKey: 5 }, option: "apiKey", because: "a key is a text" },
    { options: { source, apiKey: "k" }, option: "source", because: "the source has the key" },
    { options: { source, baseUrl: "x" }, option: "source", because: "the source has the address" },
    { options: { source, pollIntervalMs: 500 }, option: "source", because: "the source paces" },
    { options: { source, dispatcher: {} }, option: "source", because: "the source sends" },
    { options: { apiKey: "k", baseUrl: "a b" }, option: "baseUrl", because: "it is no address" },
    { options: { apiKey: "k", pollIntervalMs: 0 }, option: "pollIntervalMs", because: "it is hot" },
    {
      options: { apiKey: "k", pollJitterMs: -1 },
      option: "pollJitterMs",
      because: "it is negative",
    },
    {
      options: { apiKey: "k", requestTimeoutMs: 1.5 },
      option: "requestTimeoutMs",
      because: "it is no integer",
    },
    {
      options: { apiKey: "k", clock: { now: 5 } },
      option: "clock.now",
      because: "it cannot be called",
    },
    {
      options: { apiKey: "k", readyTimeoutMs: -1 },
      option: "readyTimeoutMs",
      because: "core's options are checked too",
    },
    {
      options: { apiKey: "k", throwOnFailedInitialization: "yes" },
      option: "throwOnFailedInitialization",
      because: "it is no boolean",
    },
  ])("refuses $options, because $because", ({ options, option }) => {
    expect(() => createClient(options as ClientOptions)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option }),
    );
  });

  it.each([
    { wrong: "pollInterval", right: "pollIntervalMs" },
    { wrong: "apikey", right: "apiKey" },
    { wrong: "assignmentLoger", right: "assignmentLogger" },
  ])("answers $wrong with $right", ({ wrong, right }) => {
    expect(() => createClient({ apiKey: "k", [wrong]: 1 })).toThrow(
      `${wrong}: unknown option, did you mean ${right}?`,
    );
  });

  it("needs no key to serve an initial configuration, and then asks nobody", async () => {
    await using client = createClient({ apiKey: undefined, initialConfiguration });
    expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("initial");
    expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
  });

  it("takes a source instead of a key", async () => {
    await using client = createClient({ source });
    expect(await client.waitForInitialization()).toMatchObject({ ready: true, source: "static" });
  });
});
