import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { ifWhole, isWhole } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startCluster, startRedis } from "@sortition/test-kit/redis";
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readFleetStatus } from "../../src/status.js";
import { aclCommands, aclRules } from "../acl.js";
import { storeFleet } from "./store-fleet.js";

const RIGHTS = aclRules(["status"]);

describe.skipIf(!hasRedis)("readFleetStatus", () => {
  let server: RedisServer;

  beforeAll(async () => {
    server = await startRedis();
    await storeFleet(server, "shop");
  });
  afterAll(() => server.close());

  it("reads the state of a fleet, with ioredis 5 and 6, from a URL, options or a client", async () => {
    const borrowed = [new Redis(server.url, { lazyConnect: true }), new Redis5(server.url)];
    const inputs = [server.url, { host: server.host, port: server.port }, ...borrowed];
    for (const redis of inputs) {
      const status = await readFleetStatus({ redis: redis as Redis, namespace: "shop" });
      expect(status).toMatchObject({
        health: "healthy",
        leader: { worker: "worker-7" },
        fence: { n: "1699", worker: "worker-7" },
        configuration: {
          revision: "1700",
          parts: [{ name: "flags", sizeBytes: 5_000, storedBytes: 500 }],
        },
        poll: { outcome: "ok" },
        subscribers: 0,
        outbox: { length: 2, pending: 1, dead: 1 },
        outboxes: [
          { name: "former", length: 1, pending: 0, dead: 0, consumers: 0 },
          { name: "outbox", length: 2, pending: 1, dead: 1, consumers: 1 },
        ],
      });
    }
    expect(borrowed[0]?.status).toBe("wait"); // only duplicated
    for (const client of borrowed) client.disconnect();
  });

  it("counts the subscribers, and applies a prefix", async () => {
    const subscriber = new Redis(server.url, { keyPrefix: "app:" });
    await subscriber.subscribe("app:sortition:{shop}:v1:changed");
    const status = await readFleetStatus({ redis: subscriber, namespace: "shop" });
    expect(status).toMatchObject({ prefix: "app:sortition", health: "empty", subscribers: 1 });
    subscriber.disconnect();
  });

  it("needs only the permissions that the guide prints, and writes nothing", async () => {
    await server.command("ACL", "SETUSER", "operator", "on", ">secret", ...RIGHTS);
    const monitor = await server.monitor();
    const url = server.url.replace("//", "//operator:secret@");
    const status = await readFleetStatus({ redis: url, namespace: "shop" });
    expect(status).toMatchObject({ health: "healthy", subscribers: 0, outbox: { length: 2 } });
    await monitor.stop();
    const sent = new Set(monitor.lines.map((line) => /"(\w+)"/.exec(line)?.[1]?.toLowerCase()));
    const allowed = aclCommands(["status"]).map((command) => command.replace(/\|.*/, ""));
    expect([...sent].filter((name = "") => !allowed.includes(name))).toEqual([]);
    expect(sent).toContain("hgetall");
  });

  it("omits what its user may not query", async () => {
    const rights = RIGHTS.filter((it) => !/pubsub|xlen/.test(it));
    await server.command("ACL", "SETUSER", "guest", "on", ">secret", ...rights);
    const url = server.url.replace("//", "//guest:secret@");
    expect(await readFleetStatus({ redis: url, namespace: "shop" })).toMatchObject({
      health: "healthy",
      subscribers: null,
      outbox: null,
    });
  });

  ifWhole(it)("tells whether its server is a replica, and whether that is cut off", async () => {
    const args = ["--replicaof", server.host, `${server.port}`, "--repl-diskless-sync-delay", "0"];
    await using replica = await startRedis({ args });
    const read = async (redis: string) =>
      (await readFleetStatus({ redis, namespace: "shop" })).server;
    await vi.waitFor(async () => expect(await read(replica.url)).toBe("replica"), 30_000);
    await replica.command("REPLICAOF", "127.0.0.1", 1);
    expect([await read(server.url), await read(replica.url)]).toEqual([
      "primary",
      "cut-off-replica",
    ]);
  });

  it.each([
    { url: "redis://127.0.0.1:1", code: "SORTITION_REDIS_UNREACHABLE" },
    { url: "redis://nobody:wrong@", code: "SORTITION_REDIS_DENIED" },
  ])("rejects with $code for $url, and names only host and port", async ({ code, url }) => {
    const redis = url.endsWith("@") ? server.url.replace("redis://", url) : url;
    const failed = readFleetStatus({ redis, namespace: "shop" });
    await expect(failed).rejects.toMatchObject({ code });
    await expect(failed).rejects.toThrow(`redis at ${new URL(redis).host} `);
    await expect(failed).rejects.not.toThrow(/wrong|nobody/);
  });

  it("gives up if a server does not respond", async () => {
    const hanging = await startRedis();
    hanging.pause();
    const failed = readFleetStatus({ redis: hanging.url, namespace: "shop", timeoutMs: 300 });
    await expect(failed).rejects.toMatchObject({ code: "SORTITION_REDIS_TIMEOUT" });
    await hanging.close();
  });

  it.each([
    { options: { namespace: "a{b" }, option: "namespace" },
    { options: { namespace: "" }, option: "namespace" },
    { options: { namespace: "a", prefix: "b c" }, option: "prefix" },
    { options: { namespace: "a", redis: "http://localhost" }, option: "redis" },
    { options: { namespace: "a", timeoutMs: 0 }, option: "timeoutMs" },
    { options: { namespace: "a", timeout: 5 }, option: "timeout" },
  ])("rejects the option $option of $options", async ({ option, options }) => {
    const failed = readFleetStatus({ redis: server.url, ...options });
    await expect(failed).rejects.toMatchObject({ code: "SORTITION_OPTION", option });
  });
});

/**
 * Starts a server that answers `INFO` late, like a node of a Cluster, and does not answer on later
 * connections.
 */
async function startSlowNode(infoMs: number) {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => {});
    if (connections > 1) return;
    socket.on("data", (chunk) => {
      for (const [, name = ""] of chunk.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
        const info = "cluster_enabled:1";
        const command = name.toLowerCase();
        if (command === "hello") socket.write("-ERR unknown command 'HELLO'\r\n");
        else if (command !== "info") socket.write("+OK\r\n");
        else setTimeout(() => socket.write(`$${info.length}\r\n${info}\r\n`), infoMs);
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  return { url: `redis://127.0.0.1:${port}`, [Symbol.dispose]: () => void server.close() };
}

it("readFleetStatus has one deadline, even if it finds a Cluster", async () => {
  const infoMs = 500;
  using node = await startSlowNode(infoMs);
  const failed = readFleetStatus({ redis: node.url, namespace: "shop", timeoutMs: 2_000 });
  const { code, message } = await failed.catch((error) => error);
  expect(code).toBe("SORTITION_REDIS_TIMEOUT");
  // The message names the limit of the last step, which is the rest. Timers may be a millisecond early.
  const [, restMs] = /within (\d+) ms/.exec(message) ?? [];
  expect(Number(restMs)).toBeLessThanOrEqual(2_000 - infoMs + 1);
});

describe.skipIf(!hasRedis)("readFleetStatus of a Cluster", () => {
  it.runIf(isWhole)(
    "follows the redirection of any node, and adds up the subscribers",
    async () => {
      await using cluster = await startCluster();
      const owner = cluster.nodes[await cluster.ownerOf("sortition:{shop}:v1:config")];
      if (owner === undefined) throw new Error("no node has the slot");
      await storeFleet(owner, "shop");
      const subscribers = cluster.nodes.map((node) => new Redis(node.url));
      for (const client of subscribers) await client.subscribe("sortition:{shop}:v1:changed");
      for (const { url } of cluster.nodes) {
        expect(await readFleetStatus({ redis: url, namespace: "shop" })).toMatchObject({
          health: "healthy",
          subscribers: 3,
          outbox: { length: 2, pending: 1, dead: 1 },
        });
      }
      for (const client of subscribers) client.disconnect();
    },
  );
});
