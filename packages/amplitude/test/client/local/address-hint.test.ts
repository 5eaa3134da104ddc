import { describe, expect, it } from "vitest";
import { LocalEvaluationClient } from "../../../src/index.js";

describe("the hint of a start without a network", () => {
  it.each([
    { given: {}, hint: "is the network up?", because: "the address is the vendor's" },
    {
      given: { serverUrl: "https://flags.test" },
      hint: "is serverUrl right?",
      because: "the address is the user's",
    },
  ])("reads $hint, because $because", async ({ given, hint }) => {
    const request = () =>
      Promise.reject(Object.assign(new Error("getaddrinfo EAI_AGAIN"), { code: "EAI_AGAIN" }));
    const logger = { error() {}, warn() {}, info() {}, debug() {}, verbose() {} };
    const config = { ...given, loggerProvider: logger };
    const client = new LocalEvaluationClient("key", config, undefined, { request });
    await expect(client.start()).rejects.toThrow(`(EAI_AGAIN): ${hint}`);
    client.stop();
  });
});
