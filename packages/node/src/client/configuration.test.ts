import { DecodeError } from "@sortition/core";
import type { CompileInput, Dialect } from "@sortition/core/dialect";
import { eppo } from "@sortition/core/eppo";
import { describe, expect, it } from "vitest";
import { Configuration } from "./configuration.js";

const text = '{"flags":{}}';

describe("Configuration.from", () => {
  it.each([
    { content: text, because: "it is a string" },
    { content: new TextEncoder().encode(text), because: "it is bytes" },
    {
      content: new TextEncoder().encode(`xx${text}`).subarray(2),
      because: "it is a view into bytes",
    },
    { content: `\ufeff${text}`, because: "it is a string with a byte order mark" },
  ])("takes flags when $because", ({ content }) => {
    expect(Configuration.from({ flagsConfiguration: content }).flagKeys.size).toBe(0);
  });

  it("treats an option that is undefined as absent", () => {
    const input = { dialect: undefined, payloads: undefined, flagsConfiguration: text };
    expect(Configuration.from(input as never).flagKeys.size).toBe(0);
  });

  it("keeps a copy of the exact bytes", () => {
    const bytes = new TextEncoder().encode(text);
    const { payloads } = Configuration.from({ flagsConfiguration: bytes });
    bytes.fill(0);
    expect(payloads[0]!.bytes).toEqual(new TextEncoder().encode(text));
  });

  it.each([
    { input: undefined, option: "options" },
    { input: null, option: "options" },
    { input: {}, option: "flagsConfiguration" },
    { input: { payloads: { flags: text } }, option: "dialect" },
    { input: { flagsConfiguration: {} }, option: "flagsConfiguration" },
    {
      input: { flagsConfiguration: text, banditsConfiguration: 5 },
      option: "banditsConfiguration",
    },
    { input: { flagConfiguration: text }, option: "flagConfiguration" },
    { input: { flagsConfiguration: text, fetchedAtMs: Number.NaN }, option: "fetchedAtMs" },
    { input: { dialect: eppo(), payloads: { flags: 5 } }, option: "payloads.flags" },
  ])("refuses $option by name", ({ input, option }) => {
    expect(() => Configuration.from(input as never)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option }),
    );
  });

  it.each([
    { input: { flagsConfiguration: "[]" }, message: "flagsConfiguration: $: expected an object" },
    {
      input: { flagsConfiguration: text, banditsConfiguration: `{"bandits":5}` },
      message: "banditsConfiguration: $.bandits: expected an object, got a number",
    },
    {
      input: { dialect: eppo(), payloads: { flags: "" } },
      message: "payloads.flags: $: expected JSON",
    },
  ])("names the bad argument: $message", ({ input, message }) => {
    expect(() => Configuration.from(input)).toThrow(DecodeError);
    expect(() => Configuration.from(input)).toThrow(message);
  });

  it("keeps the time at which it was fetched", () => {
    const { payloads } = Configuration.from({ flagsConfiguration: text, fetchedAtMs: 5 });
    expect(payloads[0]!.fetchedAtMs).toBe(5);
  });
});

describe("Configuration.load", () => {
  it("returns what Configuration.from returns", async () => {
    const loaded = await Configuration.load({ flagsConfiguration: text });
    expect(loaded.revision).toBe(Configuration.from({ flagsConfiguration: text }).revision);
  });

  it("rejects with an error that names the argument", async () => {
    await expect(Configuration.load({ flagsConfiguration: "[]" })).rejects.toThrow(
      "flagsConfiguration: $: expected an object",
    );
  });

  const decrypted = { text };
  const compiled: CompileInput[] = [];
  const encrypted: Dialect = {
    ...eppo(),
    name: "encrypted",
    prepare: async () => decrypted,
    compileInSteps: undefined!,
    compile(input) {
      compiled.push(input);
      return Configuration.from({ flagsConfiguration: text });
    },
  };

  it("passes the prepared content to compile, and keeps the payloads as received", async () => {
    await Configuration.load({ dialect: encrypted, payloads: { flags: "encrypted" } });
    const [input] = compiled.splice(0);
    expect(input?.prepared).toBe(decrypted);
    expect(new TextDecoder().decode(input?.payloads[0]?.bytes)).toBe("encrypted");
  });

  it("is not the payload itself", () => {
    expect(() => Configuration.from(new Uint8Array(2) as never)).toThrow(
      "options: are bytes: write Configuration.from({ flagsConfiguration })",
    );
  });

  it("is recommended by Configuration.from for a dialect that has to prepare content", () => {
    expect(() => Configuration.from({ dialect: encrypted, payloads: { flags: "" } })).toThrow(
      expect.objectContaining({
        code: "SORTITION_OPTION",
        option: "dialect",
        message: expect.stringContaining("Configuration.load"),
      }),
    );
  });
});

describe("content that is not a configuration", () => {
  it("is refused if it is for one subject", () => {
    const flagsConfiguration = '{"precomputed": {"response": ""}}';
    expect(() => Configuration.from({ flagsConfiguration })).toThrow("$.flags: expected an object");
  });

  it("is refused if it is a list of payloads", () => {
    const input = { dialect: eppo(), payloads: [{}] as never };
    expect(() => Configuration.from(input)).toThrow(
      "payloads: is a list: pass { flags: JSON.stringify(content) }",
    );
  });
});
