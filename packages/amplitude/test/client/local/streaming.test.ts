import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalEvaluationClient, type LocalEvaluationConfig } from "../../../src/index.js";
import { flagOf } from "./flags.js";
import { StreamServer } from "./stream-server.js";

const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

describe("streaming", () => {
  let server: StreamServer;
  let clock: FakeClock;
  let client: LocalEvaluationClient;

  const create = (config: LocalEvaluationConfig = {}): LocalEvaluationClient => {
    client = new LocalEvaluationClient("deployment-key", {
      serverUrl: server.url,
      streamServerUrl: server.url,
      streamUpdates: true,
      flagConfigPollingIntervalMillis: 1_000_000,
      loggerProvider: SILENT,
      clock,
      ...config,
    });
    return client;
  };
  const keys = (): readonly string[] => Object.keys(client.evaluateV2({ user_id: "alice" }));

  beforeEach(async () => {
    server = await StreamServer.start();
    server.flags = [flagOf("a")];
    clock = createFakeClock();
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    client.stop();
    await server.close();
  });

  it("accepts the longest time-out for its first flags", async () => {
    await create({ streamFlagConnTimeoutMillis: 2 ** 31 - 1 }).start();
    expect([keys(), server.polls]).toEqual([["a"], 0]);
  });

  it("reconnects after flags that are cut off", async () => {
    await create().start();
    server.send("[");
    await server.until(() => server.connections.length === 2);
    expect(keys()).toEqual(["a"]);
  });

  it("polls if its first flags are unusable, and reconnects only after 15 to 17 seconds", async () => {
    server.sendsFirst = false;
    create();
    const starting = client.start();
    await server.until(() => server.connections.length === 1);
    // It starts like a list.
    for (let i = 0; server.polls === 0 && i < 1_000; i++) {
      server.send("[");
      await new Promise((resolve) => void setTimeout(resolve, 5));
    }
    await starting;
    expect([keys(), server.polls, server.connections.length]).toEqual([["a"], 1, 1]);
    await clock.advance(14_900);
    expect(server.connections).toHaveLength(1);
  });

  it("ignores the response to a poll that began before the stream had flags", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    server.streamStatus = 501;
    await create({ flagConfigPollingIntervalMillis: 14_900 }).start();
    let answer = (): void => {};
    server.pollIsHeld = new Promise((resolve) => {
      answer = resolve;
    });
    server.flags = [flagOf("polled")];
    await clock.advance(14_900);
    await server.until(() => server.polls === 2);
    server.streamStatus = 200;
    server.flags = [flagOf("streamed")];
    await clock.advance(100);
    await expect.poll(keys).toEqual(["streamed"]);
    answer();
    await clock.advance(10_000);
    expect([keys(), server.polls]).toEqual([["streamed"], 2]);
  });

  it("reconnects first when it is started again, even during a poll", async () => {
    server.streamStatus = 501;
    server.flagsStatus = 500;
    create({ flagConfigPollingIntervalMillis: 10_000 });
    const advanceTo = async (polls: number): Promise<void> => {
      while (server.polls < polls) {
        await clock.advance(1);
        await new Promise((resolve) => void setTimeout(resolve, 2));
      }
    };
    const starting = expect(client.start()).rejects.toThrow();
    await advanceTo(5);
    await starting;
    server.pollIsHeld = new Promise(() => {});
    await clock.advance(10_000);
    await server.until(() => server.polls === 6);
    server.streamStatus = 200;
    await client.start();
    expect([keys(), server.polls, server.connections.length]).toEqual([["a"], 6, 2]);
    expect(server.connections[1]).toHaveProperty("x-amp-exp-library");
  });

  it("replaces written flags with equal flags that are sent again", async () => {
    await create().start();
    await client.cache.put("written", flagOf("written"));
    expect(keys()).toEqual(["a", "written"]);
    server.sendFlags();
    await expect.poll(keys).toEqual(["a"]);
  });
});
