import {
  createFakeClock,
  openBlackHole,
  type Reply,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../../src/client/create-client.js";
import { Configuration, httpOrigin } from "../../src/index.js";
import { recordDiagnostics } from "../support/diagnostics.js";
import { flagsBody } from "../support/flags.js";

const silent = recordDiagnostics();

describe("the deadline of an attempt", () => {
  it.each<{ what: string; reply: Reply }>([
    { what: "headers that do not come", reply: { kind: "hang" } },
    { what: "a body of one byte per 200 ms", reply: { kind: "drip", everyMs: 200 } },
  ])(
    "lifecycle §7 fault 2: ends $what after 5,000 ms, together with the connection",
    async ({ reply }) => {
      await using server = await startTestServer(reply);
      const clock = createFakeClock();
      const origin = httpOrigin({ apiKey: "key", baseUrl: server.url, clock });
      const { signal } = new AbortController();
      const fetching = origin.fetchOnce(null, { signal });
      const { connectionClosed } = await server.request(1);
      expect(await Promise.race([fetching, clock.advance(4_999)])).toBeUndefined();
      await clock.advance(1);
      expect(await fetching).toMatchObject({
        kind: "failed",
        failure: { kind: "transient", error: { code: "SORTITION_TIMEOUT", phase: "request" } },
      });
      await connectionClosed;
    },
  );

  it("lifecycle §7 fault 2: ends a connection that is never established", async () => {
    const hole = await openBlackHole();
    const origin = httpOrigin({ apiKey: "key", baseUrl: hole.url, requestTimeoutMs: 300 });
    const { signal } = new AbortController();
    expect(await origin.fetchOnce(null, { signal })).toMatchObject({
      failure: { error: { code: "SORTITION_TIMEOUT", timeoutMs: 300 } },
    });
    await hole.close();
  });
});

describe("close", () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startTestServer({ kind: "hang" });
  });

  afterEach(() => server.close());

  it("lifecycle §7 fault 31: returns the same promise to all callers, and emits `closed` once", async () => {
    const client = createClient({ apiKey: "key", baseUrl: server.url, diagnostics: silent });
    let closed = 0;
    client.on("closed", () => {
      closed += 1;
    });
    const closing = client.close();
    expect(client.close()).toBe(closing);
    await closing;
    await client.close();
    expect(closed).toBe(1);
    expect(client.status.state).toBe("closed");
  });

  it("lifecycle §7 fault 31: is called at the end of `await using`", async () => {
    let outlived: { readonly status: { readonly state: string } };
    {
      await using client = createClient({
        apiKey: "key",
        baseUrl: server.url,
        diagnostics: silent,
      });
      outlived = client;
      await server.request(1);
    }
    expect(outlived.status.state).toBe("closed");
    await (await server.request(1)).connectionClosed;
  });

  it("lifecycle §7 fault 31: is called immediately when the signal in the options is aborted", async () => {
    const controller = new AbortController();
    const initialConfiguration = Configuration.from({ flagsConfiguration: flagsBody("a") });
    const { signal } = controller;
    const client = createClient({
      apiKey: "key",
      baseUrl: server.url,
      diagnostics: silent,
      initialConfiguration,
      signal,
    });
    await server.request(1);
    const closed = new Promise((resolve) => client.on("closed", resolve));
    controller.abort();
    expect(client.status.state).toBe("closed");
    await closed;
    expect(client.getStringAssignment("flag-1", "alice", {}, "default")).toBe("a");
  });
});
