import { describe, expect, it } from "vitest";
import { HttpStatusError } from "../errors/errors.js";
import { createClock } from "../runtime/clock.js";
import { OutageReporter } from "./outage-reporter.js";

function reportOf(error: unknown, url?: string | null): unknown {
  const reports: unknown[] = [];
  const diagnostics = {
    debug() {},
    info() {},
    warn: (message: string, facts: unknown) => reports.push({ message, facts }),
    error() {},
  };
  new OutageReporter("mine", createClock(undefined), diagnostics).failed(error, url);
  return reports;
}

describe("the report of a failed delivery", () => {
  it.each(["TimeoutError", "AbortError"])("has the time-out code for a library's %s", (name) => {
    expect(reportOf(new DOMException("The operation was aborted: https://key@host", name))).toEqual(
      [
        {
          message: "delivery fails",
          facts: {
            logger: "mine",
            failed: 1,
            code: "SORTITION_TIMEOUT",
          },
        },
      ],
    );
  });

  it("does not show a library's message, which may contain its URL", () => {
    expect(reportOf(new Error("https://key@host"))).toEqual([
      {
        message: "delivery fails",
        facts: { logger: "mine", failed: 1, code: "SORTITION_LOGGER" },
      },
    ]);
  });

  it.each([
    {
      error: Object.assign(new TypeError("fetch failed"), {
        cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
      }),
      url: "https://user:secret@collector.test/v1?key=secret",
      facts: {
        code: "SORTITION_NETWORK",
        systemCode: "ECONNREFUSED",
        reason: "no answer from https://collector.test (ECONNREFUSED)",
      },
      because: "the error of fetch has the socket's error as its cause",
    },
    {
      error: Object.assign(new TypeError("fetch failed"), {
        cause: Object.assign(new Error(), { hostname: "collector.test", code: "ENOTFOUND" }),
      }),
      url: null,
      facts: {
        code: "SORTITION_NETWORK",
        systemCode: "ENOTFOUND",
        reason: "no answer from collector.test (ENOTFOUND)",
      },
      because: "the system names the host",
    },
    {
      error: Object.assign(new TypeError("fetch failed"), { cause: new Error("bad port") }),
      url: "collector.test:9/path",
      facts: {
        code: "SORTITION_NETWORK",
        reason: "no answer from https://collector.test:9",
      },
      because: "fetch refuses the port without a code",
    },
    {
      error: Object.assign(new Error("Request failed"), {
        code: "ERR_BAD_REQUEST",
        config: { url: "http://plane.test:8080/v1/batch?key=secret" },
        response: { status: 401 },
      }),
      url: null,
      facts: {
        code: "SORTITION_UNAUTHORIZED",
        httpStatus: 401,
        reason: "http://plane.test:8080 answered with status 401: is the logger's key right?",
      },
      because: "axios names the URL",
    },
    {
      error: new HttpStatusError(503, null),
      url: "http://collector.test",
      facts: {
        code: "SORTITION_HTTP_STATUS",
        httpStatus: 503,
        reason:
          "http://collector.test answered with status 503: a fault of the server, or of a proxy in front of it",
      },
      because: "our own errors need not name the server",
    },
    {
      error: new DOMException("aborted", "TimeoutError"),
      url: "http://collector.test",
      facts: { code: "SORTITION_TIMEOUT", reason: "no answer from http://collector.test in time" },
      because: "a library aborts slow requests",
    },
  ])("names the server and the cause, because $because", ({ error, url, facts }) => {
    expect(reportOf(error, url)).toEqual([
      { message: "delivery fails", facts: { logger: "mine", failed: 1, ...facts } },
    ]);
  });
});
