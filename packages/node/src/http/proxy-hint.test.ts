import { type Failure, NetworkError, ProtocolError, TimeoutError } from "@sortition/core/source";
import { describe, expect, it } from "vitest";
import { withProxyHint } from "./proxy-hint.js";

const failureOf = (error: Failure["error"]): Failure => ({
  kind: "transient",
  error,
  retryAfterMs: null,
});
const unreachable = failureOf(new NetworkError("the request failed: ECONNREFUSED", null));
const late = failureOf(new TimeoutError("request", 50));
const url = "https://flags.example.com/api";
const messageOf = (
  failure: Failure,
  environment: Readonly<Record<string, string>>,
  isDirect = true,
): string => withProxyHint(failure, url, isDirect, environment).error.message;

describe("a failure to reach a server", () => {
  it.each([
    { failure: unreachable, says: "ECONNREFUSED; HTTPS_PROXY is set but not used, unless" },
    { failure: late, says: "took longer than 50 ms; HTTPS_PROXY is set but not used, unless" },
  ])("names the proxy of the environment: $says", ({ failure, says }) => {
    expect(messageOf(failure, { HTTPS_PROXY: "http://proxy:3128" })).toContain(says);
  });

  it.each([
    { because: "there is none", environment: {} },
    { because: "it is empty", environment: { HTTPS_PROXY: "" } },
    {
      because: "the host is exempt",
      environment: { HTTPS_PROXY: "p", NO_PROXY: "x,.example.com" },
    },
    { because: "all hosts are", environment: { https_proxy: "p", no_proxy: "*" } },
  ])("does not, because $because", ({ environment }) => {
    expect(messageOf(unreachable, environment)).toBe("the request failed: ECONNREFUSED");
  });

  it("does not where a proxy or dispatcher was given, nor for an answer", () => {
    expect(messageOf(unreachable, { HTTPS_PROXY: "p" }, false)).not.toContain("HTTPS_PROXY");
    const answered = failureOf(new ProtocolError("broken"));
    expect(withProxyHint(answered, url, true, { HTTPS_PROXY: "p" })).toBe(answered);
  });
});
