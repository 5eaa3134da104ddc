import { type Client, eppo } from "@sortition/core";
import {
  createFakeClock,
  type FakeClock,
  startTestServer,
  type TestServer,
} from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../src/client/create-client.js";
import type { ClientOptions } from "../src/client/options.js";
import { init } from "../src/client/singleton.js";
import { httpOrigin } from "../src/http/http-origin.js";
import { pollingSource } from "../src/polling/polling-source.js";
import { type RecordedDiagnostics, recordDiagnostics } from "./support/diagnostics.js";
import { type RealWork, watchRealWork } from "./support/real-work.js";
import { flagsAnswer, status } from "./support/servers.js";

/** Faults that take minutes, on a clock that we move; the server and the requests are real. */
describe("polling over a long time", () => {
  let server: TestServer;
  let work: RealWork;
  let clock: FakeClock;
  let diagnostics: RecordedDiagnostics;
  let options: ClientOptions;
  let attemptsAtMs: number[];
  let u: number;

  beforeEach(async () => {
    server = await startTestServer();
    work = watchRealWork();
    clock = createFakeClock({ settle: work.settle });
    diagnostics = recordDiagnostics();
    attemptsAtMs = [];
    u = 0.5;
    const origin = work.watchOrigin(httpOrigin({ apiKey: "key", baseUrl: server.url, clock }));
    const timed = {
      ...origin,
      fetchOnce: (...args: Parameters<typeof origin.fetchOnce>) => {
        attemptsAtMs.push(clock.monotonicMs());
        return origin.fetchOnce(...args);
      },
    };
    const source = work.watchSource(pollingSource(timed));
    options = { source, clock, diagnostics, random: () => u };
  });

  afterEach(() => server.close());

  it("1: keeps trying through an outage at boot, ever more slowly, and recovers", async () => {
    server.respond(status(500));
    u = 1;
    const initializing = init(options);
    await clock.advance(4_999);
    const settled = initializing.then(() => clock.monotonicMs());
    await clock.advance(1);
    expect(await settled).toBe(5_000);
    const client = await initializing;
    expect(client.status).toMatchObject({
      state: "error",
      lastError: { code: "SORTITION_HTTP_STATUS", httpStatus: 500 },
    });
    expect(await client.waitForInitialization({ timeoutMs: 0 })).toMatchObject({
      ready: false,
      reason: "timeout",
      error: { code: "SORTITION_HTTP_STATUS" },
    });

    await clock.advance(240_000);
    expect(attemptsAtMs).toEqual([
      0, 500, 1_500, 3_500, 7_500, 15_500, 31_500, 63_500, 123_500, 183_500, 243_500,
    ]);
    server.respond(flagsAnswer("a"));
    await clock.advance(60_000);
    expect(client.status.state).toBe("ready");
    expect(diagnostics.messages("info")).toContain("refresh recovered");
    await client.close();
  });

  it("9: tells a refused key at once, probes it slowly, and recovers", async () => {
    server.respond(status(401));
    const client = createClient(options);
    const waiting = client.waitForInitialization();
    await clock.advance(0);
    expect(await waiting).toMatchObject({ ready: false, reason: "unauthorized", elapsedMs: 0 });
    expect(client.status.state).toBe("error");
    await clock.advance(269_999);
    expect(attemptsAtMs).toEqual([0]);
    await clock.advance(60_001);
    expect(attemptsAtMs).toEqual([0, 300_000]);
    expect(diagnostics.messages("error")).toEqual(["key rejected"]);
    server.respond(flagsAnswer("a"));
    await clock.advance(330_000);
    expect(client.status.state).toBe("ready");
    await client.close();
  });

  it("16: compiles equal bytes without an etag once, and takes each for a confirmation", async () => {
    server.respond(flagsAnswer("a"));
    let compiled = 0;
    const { compile, ...rest } = eppo();
    const dialect = {
      ...rest,
      compile: (...args: Parameters<typeof compile>) => {
        compiled += 1;
        return compile(...args);
      },
    };
    const origin = work.watchOrigin(
      httpOrigin({ apiKey: "key", baseUrl: server.url, dialect, clock }),
    );
    const source = work.watchSource(pollingSource(origin, { pollJitterMs: 0 }));
    const client: Client = createClient({ ...options, source });
    let changes = 0;
    client.on("configuration-changed", () => {
      changes += 1;
    });
    await clock.advance(16_500);
    for (let poll = 2; poll <= 10; poll++) {
      expect(client.status.ageMs).toBe(0);
      await clock.advance(30_000);
    }
    expect(server.requests.length).toBeGreaterThanOrEqual(10);
    expect(compiled).toBe(1);
    expect(changes).toBe(1);
    await client.close();
  });

  it("15: never asks twice at once, and a refresh joins the attempt that is slow", async () => {
    let answer = (): void => {};
    server.respond(async () => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return flagsAnswer("a");
    });
    // Time goes on while the request is in flight: nothing waits for it here.
    const moving = createFakeClock();
    const client = createClient({
      apiKey: "key",
      baseUrl: server.url,
      pollIntervalMs: 1_000,
      requestTimeoutMs: 600_000,
      clock: moving,
      diagnostics,
    });
    await server.request(1);
    await moving.advance(20_000);
    const refreshing = client.refresh({ timeoutMs: 60_000 });
    await moving.advance(20_000);
    expect(server.requests).toHaveLength(1);
    answer();
    expect(await refreshing).toMatchObject({ outcome: "updated" });
    expect(server.peakConcurrency).toBe(1);
    await client.close();
  });
});
