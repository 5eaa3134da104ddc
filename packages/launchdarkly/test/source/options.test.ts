import { createClient } from "@sortition/node";
import { describe, expect, it } from "vitest";
import { launchdarkly } from "../../src/dialect.js";
import { launchdarklySource } from "../../src/source.js";

describe("launchdarklySource", () => {
  it.each([
    ["mob-0123", "mobile key"],
    ["0123456789abcdef01234567", "client-side ID"],
    ["api-0123", "REST API"],
  ])("names the kind of the key %s, as createClient does", (sdkKey, kind) => {
    expect(() => launchdarklySource({ sdkKey })).toThrow(new RegExp(`^sdkKey: .*${kind}`));
    const create = () =>
      createClient({ apiKey: sdkKey, dialect: launchdarkly(), assignmentLogger: null });
    expect(create).toThrow(kind);
  });

  it.each([
    [{ sdkKey: "" }, "sdkKey: expected the SDK key of an environment"],
    [{ sdkKey: "sdk-1", baseUri: "sdk.launchdarkly.com" }, "baseUri: expected an address"],
    [{ sdkKey: "sdk-1", stream: true }, "stream: unknown option"],
  ])("rejects %o by name", (options, message) => {
    expect(() => launchdarklySource(options as never)).toThrow(message);
  });
});
