import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { growthbook } from "@sortition/growthbook/dialect";
import { growthbookOrigin } from "@sortition/growthbook/source";
import { createClient } from "@sortition/node";
import { redis } from "@sortition/redis";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const WAIT = { timeout: 20_000 };

/** A server of GrowthBook's API with a stream, which counts requests. */
class Api implements AsyncDisposable {
  version = 1;
  requests = 0;
  opened = 0;
  readonly #streams = new Set<ServerResponse>();
  readonly #server = createServer(({ url = "" }, response) => {
    if (url.startsWith("/sub/")) {
      this.opened += 1;
      this.#streams.add(response.once("close", () => this.#streams.delete(response)));
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      return;
    }
    this.requests += 1;
    response.setHeader("x-sse-support", "enabled").end(this.#payload());
  });

  async listen(): Promise<string> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // it listens on TCP
  }

  get open(): number {
    return this.#streams.size;
  }

  /** Sends a new version to the streams. */
  change(): void {
    this.version += 1;
    for (const stream of this.#streams)
      stream.write(`event: features\ndata: ${this.#payload()}\n\n`);
  }

  #payload(): string {
    return JSON.stringify({ features: { version: { defaultValue: this.version } } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe.skipIf(!hasRedis)("a fleet on Redis whose origin is GrowthBook's stream", () => {
  let api: Api;
  let server: RedisServer;
  let apiHost: string;
  const closing: { close(): Promise<unknown> }[] = [];

  beforeEach(async () => {
    api = new Api();
    [server, apiHost] = await Promise.all([startRedis(), api.listen()]);
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((it) => it.close()));
    await api[Symbol.asyncDispose]();
    await server.close();
  });

  /** Starts a worker, and waits until it has a configuration. */
  async function join() {
    const source = redis({
      ...{ redis: server.url, namespace: "shop", pollIntervalMs: 60_000 },
      origin: growthbookOrigin({ apiHost, clientKey: "sdk-1", streaming: true }),
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
      api.change();
      await vi.waitFor(() => expect(versions()).toEqual([version, version, version]), WAIT);
    }
    expect({ requests: api.requests, opened: api.opened }).toEqual({ requests: 1, opened: 1 });
  });

  it("moves the stream to another worker when its leader ends", async () => {
    const [leader, follower] = [await join(), await join()];
    await vi.waitFor(() => expect(api.open).toBe(1), WAIT);
    await leader.client.close();
    await vi.waitFor(() => expect([api.opened, api.open]).toEqual([2, 1]), WAIT);
    api.change();
    const version = () => follower.client.getIntegerAssignment("version", "user-1", {}, 0);
    await vi.waitFor(() => expect(version()).toBe(2), WAIT);
  });
});
