import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { OptionError } from "@sortition/core";
import type { PostHog as VendorPostHog } from "posthog-node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { vendorOptions } from "../../src/client/vendor-options.js";
import { PostHog } from "../../src/index.js";

const odd = (name: string, value: unknown) => {
  const warn = vi.fn();
  const diagnostics = { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() };
  const options = vendorOptions({ [name]: value }, diagnostics);
  return { used: (options as Record<string, unknown>)[name], warn };
};

describe("an odd value of an option", () => {
  it.each([
    { name: "flushAt", value: -1, used: 1 },
    { name: "flushAt", value: 1.5, used: 2 },
    { name: "flushInterval", value: "3000", used: undefined },
    { name: "flushInterval", value: Number.POSITIVE_INFINITY, used: 1 },
    { name: "flushInterval", value: Number.NaN, used: 0 },
    { name: "maxBatchSize", value: 0, used: 1 },
    { name: "maxQueueSize", value: "x", used: undefined },
    { name: "fetchRetryCount", value: "3", used: undefined },
    { name: "fetchRetryDelay", value: 2 ** 31, used: 1 },
    { name: "requestTimeout", value: 0, used: undefined },
    { name: "requestTimeout", value: 1_500.5, used: 1_500 },
    { name: "featureFlagsPollingInterval", value: 1, used: 100 },
    { name: "exceptionRateLimiterBucketSize", value: 1_000, used: 100 },
    { name: "disabled", value: "false", used: undefined },
    { name: "defaultOptIn", value: 0, used: undefined },
    { name: "privacyMode", value: "true", used: undefined },
    { name: "enableLocalEvaluation", value: 0, used: undefined },
    { name: "isServer", value: null, used: undefined },
    { name: "evaluationContexts", value: "shop", used: undefined },
    { name: "fetch", value: {}, used: undefined },
    { name: "host", value: 42, used: undefined },
  ])("is corrected with one warning: $name = $value becomes $used", ({ name, used, value }) => {
    const taken = odd(name, value);
    expect(taken.used).toEqual(used);
    expect(taken.warn.mock.calls).toEqual([
      [expect.any(String), expect.objectContaining({ option: name })],
    ]);
  });

  it.each([
    { name: "host", value: null },
    { name: "featureFlagsPollingInterval", value: null },
    { name: "flushAt", value: Number.POSITIVE_INFINITY },
    { name: "flushInterval", value: 0 },
    { name: "requestTimeout", value: 900_000 },
    { name: "disabled", value: undefined },
  ])("is accepted without a warning if it is valid: $name = $value", ({ name, value }) => {
    expect(odd(name, value)).toMatchObject({ used: value });
    expect(odd(name, value).warn).not.toHaveBeenCalled();
  });

  it("makes every event be dropped if a hook is not a function, as in the vendor's SDK", () => {
    const { warn } = odd("before_send", [{}]);
    expect(warn.mock.calls[0]?.[1]).toEqual({ option: "before_send" });
  });

  it("is not printed, because a host may contain a password", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    new PostHog("phc_key", { host: "postgres://me:secret@host" });
    expect(warn).toHaveBeenCalledOnce();
    expect(JSON.stringify(warn.mock.calls)).not.toContain("secret");
    warn.mockRestore();
  });
});

describe("an option that the vendor does not have", () => {
  it.each(["send", "syncMode", "onError", "beforeSend", "dispatcher", "logCapturedExceptions"])(
    "%s is checked",
    (name) => {
      expect(() => new PostHog("phc_key", { [name]: 42 })).toThrow(OptionError);
    },
  );
});

describe("a server", () => {
  const encodings: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    encodings.push(request.headers["content-encoding"]);
    request.resume().on("end", () => response.end("{}"));
  });
  let host: string;

  beforeEach(async () => {
    encodings.length = 0;
    for (const level of ["warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation(() => {});
    }
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Returns the content encoding of a request with one event. */
  async function encodingOf(
    Client: typeof PostHog | typeof VendorPostHog,
    options: object,
  ): Promise<string | undefined> {
    const client = new Client("phc_key", { host, ...options });
    client.capture({ distinctId: "anna", event: "viewed" });
    await client.shutdown();
    expect(encodings).toHaveLength(1);
    return encodings.pop();
  }

  it.each([null, undefined, 0, "", false, {}, 42])(
    "receives events if fetch is %s, which is not a function",
    async (value) => {
      expect(await encodingOf(PostHog, { fetch: value })).toBe("gzip");
    },
  );
});
