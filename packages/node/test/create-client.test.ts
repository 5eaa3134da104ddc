import { type AssignmentEvent, staticSource } from "@sortition/core";
import { describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import type { ClientOptions } from "../src/client/options.js";
import { Configuration } from "../src/index.js";
import { flagsBody } from "./support/flags.js";

const initialConfiguration = Configuration.from({ flagsConfiguration: flagsBody("initial") });
const source = staticSource(initialConfiguration);

describe("createClient", () => {
  it("names this package in its events", () => {
    const names: string[] = [];
    const assignmentLogger = {
      logAssignment: ({ metaData }: AssignmentEvent) => names.push(metaData.sdkName),
    };
    const client = createClient({ initialConfiguration, assignmentLogger });
    client.getStringAssignment("flag-1", "alice", {}, "");
    expect(names).toEqual(["@sortition/node"]);
  });

  it.each<{ options: object; option: string; because: string }>([
    { options: {}, option: "apiKey", because: "there is nothing to serve" },
    { options: { apiKey: "" }, option: "apiKey", because: "the key is blank" },
    { options: { apiKey: "  " }, option: "apiKey", because: "the key is blank" },
    { options: { apiKey: 5 }, option: "apiKey", because: "it is not a string" },
    { options: { apiKey: '"k"' }, option: "apiKey", because: "it is in quotes" },
    { options: { apiKey: "k\n" }, option: "apiKey", because: "it ends with a line break" },
    {
      options: { apiKey: "k", dialect: "eppo" },
      option: "dialect",
      because: "it is the name of a dialect",
    },
    {
      options: { apiKey: "k", dialect: { name: "x" } },
      option: "dialect",
      because: "it has no servers",
    },
    { options: undefined as unknown as object, option: "options", because: "they are missing" },
    {
      options: { source, apiKey: "k" },
      option: "source",
      because: "the key belongs to the source",
    },
    {
      options: { source, baseUrl: "x" },
      option: "source",
      because: "the address belongs to the source",
    },
    {
      options: { source, pollIntervalMs: 500 },
      option: "source",
      because: "pacing belongs to the source",
    },
    {
      options: { source, dispatcher: { dispatch() {} } },
      option: "source",
      because: "sending belongs to the source",
    },
    { options: { apiKey: "k", baseUrl: "a b" }, option: "baseUrl", because: "it is not a URL" },
    {
      options: { apiKey: "k", pollIntervalMs: 0 },
      option: "pollIntervalMs",
      because: "it is too short",
    },
    {
      options: { apiKey: "k", pollJitterMs: -1 },
      option: "pollJitterMs",
      because: "it is negative",
    },
    {
      options: { apiKey: "k", requestTimeoutMs: 1.5 },
      option: "requestTimeoutMs",
      because: "it is not an integer",
    },
    {
      options: { apiKey: "k", clock: { now: 5 } },
      option: "clock.now",
      because: "it is not a function",
    },
    {
      options: { apiKey: "k", initializationTimeoutMs: -1 },
      option: "initializationTimeoutMs",
      because: "core's options are checked too",
    },
    {
      options: { apiKey: "k", throwOnFailedInitialization: "yes" },
      option: "throwOnFailedInitialization",
      because: "it is not a boolean",
    },
  ])("refuses $options, because $because", ({ options, option }) => {
    expect(() => createClient(options as ClientOptions)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option }),
    );
  });

  it.each([
    { wrong: "pollInterval", advice: "; use pollIntervalMs, in milliseconds" },
    { wrong: "apikey", advice: ", did you mean apiKey?" },
    { wrong: "assignmentLoger", advice: ", did you mean assignmentLogger?" },
  ])("says $advice for $wrong", ({ advice, wrong }) => {
    expect(() => createClient({ apiKey: "k", [wrong]: 1 })).toThrow(
      `${wrong}: unknown option${advice}`,
    );
  });

  it("names all problems together, and a missing key only without a hint for it", () => {
    const options = { sdkKey: "k", pollIntervalMs: 5, proxy: "ftp://x", maxBodyByte: 1 };
    const create = () => createClient(options as ClientOptions);
    expect(create).toThrow(
      /^sdkKey: unknown option; use apiKey.*\nmaxBodyByte: .*\nproxy: .*\npollIntervalMs: .*$/,
    );
  });

  it("needs no key with an initial configuration, and then sends no request", async () => {
    await using client = createClient({ apiKey: undefined, initialConfiguration });
    expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("initial");
    expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
  });

  it("accepts a source instead of a key", async () => {
    await using client = createClient({ source });
    expect(await client.waitForInitialization()).toMatchObject({ ready: true, source: "static" });
  });
});
