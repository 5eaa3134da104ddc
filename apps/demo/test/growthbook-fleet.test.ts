import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookOrigin } from "@sortition/growthbook/source";
import { createClient } from "@sortition/node";
import { redis } from "@sortition/redis";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type StreamServer, startStreamServer } from "../src/growthbook/stream-server.js";

const WAIT = { timeout: 20_000 };

const payloadOf = (version: number) => ({ features: { version: { defaultValue: version } } });

describe.skipIf(!hasRedis)("a fleet on Redis whose origin is GrowthBook's stream", () => {
  let api: StreamServer;
  let server: RedisServer;
  const closing: { close(): Promise<unknown> }[] = [];

  beforeEach(async () => {
    [server, api] = await Promise.all([startRedis(), startStreamServer(payloadOf(1))]);
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((it) => it.close()));
    api.close();
    await server.close();
  });

  /** Starts a worker, and waits until it has a configuration. */
  async function join() {
    const source = redis({
      ...{ redis: server.url, namespace: "shop", pollIntervalMs: 60_000 },
      origin: growthbookOrigin({ apiHost: api.url, clientKey: "sdk-1", streaming: true }),
    });
    const client = createClient({
      ...{ dialect: growthbook(), source, assignmentLogger: null },
    });
    closing.push(client);
    await client.waitForInitialization({ timeoutMs: 20_000 });
    return { client };
  }

  it("sends one request and opens one stream for all workers, which serve each change", async () => {
    const workers = [await join(), await join(), await join()];
    const versions = () =>
      workers.map(({ client }) => client.getIntegerAssignment("version", "user-1", {}, 0));
    expect(versions()).toEqual([1, 1, 1]);
    await vi.waitFor(() => expect(api.open).toBe(1), WAIT);
    for (let version = 2; version <= 3; version++) {
      api.push(payloadOf(version));
      await vi.waitFor(() => expect(versions()).toEqual([version, version, version]), WAIT);
    }
    expect(api.requests).toEqual({ payload: 1, stream: 1 });
  });

  it("moves the stream to another worker when its leader ends", async () => {
    const [leader, follower] = [await join(), await join()];
    await vi.waitFor(() => expect(api.open).toBe(1), WAIT);
    await leader.client.close();
    await vi.waitFor(() => expect([api.requests.stream, api.open]).toEqual([2, 1]), WAIT);
    api.push(payloadOf(2));
    const version = () => follower.client.getIntegerAssignment("version", "user-1", {}, 0);
    await vi.waitFor(() => expect(version()).toBe(2), WAIT);
  });
});
