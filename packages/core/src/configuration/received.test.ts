import { describe, expect, it } from "vitest";
import type { Dialect } from "../model/dialect.js";
import { type PayloadContent, receive } from "./received.js";

const DIALECT = { name: "toy" } as Dialect; // it is only passed on
const receiving = (content: unknown, atMs?: unknown) =>
  receive(
    DIALECT,
    { flags: content as PayloadContent },
    atMs as number | undefined,
    (part) => `payloads.${part}`,
  );
const BODY = "expected the body of a response, as bytes or a string";

describe("receive", () => {
  it.each([
    {
      content: undefined,
      message:
        'payloads.flags: is undefined: pass the body of a response, as bytes or a string, such as readFileSync("flags.json")',
    },
    { content: null, message: `payloads.flags: ${BODY}: pass JSON.stringify(content)` },
    { content: {}, message: `payloads.flags: ${BODY}: pass JSON.stringify(content)` },
    { content: 5, message: `payloads.flags: ${BODY}: pass JSON.stringify(content)` },
    { content: Promise.resolve("{}"), message: "payloads.flags: is a promise: await it" },
    { content: "{}", atMs: Number.NaN, message: "fetchedAtMs: expected a time in epoch ms" },
    { content: "{}", atMs: "yesterday", message: "fetchedAtMs: expected a time in epoch ms" },
    { content: "{}", atMs: 8.64e15 + 1, message: "fetchedAtMs: expected a time in epoch ms" },
  ])("rejects $content, received at $atMs: $message", ({ atMs, content, message }) => {
    expect(() => receiving(content, atMs)).toThrow(message);
  });

  it.each([0, -1, 8.64e15])("keeps the time %s", (atMs) => {
    expect(receiving("{}", atMs).payloads).toMatchObject([{ fetchedAtMs: atMs }]);
  });

  it.each([
    { of: "bytes", create: (bytes: Uint8Array) => bytes },
    {
      of: "a view of them",
      create: ({ buffer, length }: Uint8Array) => new DataView(buffer, 1, length - 1),
    },
  ])("copies $of, so that callers can change them later", ({ create }) => {
    const given = new TextEncoder().encode(" {}");
    const [payload] = receiving(create(given)).payloads;
    given.fill(0);
    expect(new TextDecoder().decode(payload?.bytes).trim()).toBe("{}");
  });
});
