import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "node:tls";
import { createClient } from "@sortition/node";
import { isInPart, selfSignedCertificate } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RedisInput, redis } from "../../src/index.js";
import { timed } from "../support/timed.js";
import { FleetWorld, TIMINGS, until, Vendor } from "./fleet-world.js";

describe.skipIf(!hasRedis)("redis §6 fault 52: a Redis that cannot be used", () => {
  const secure = createServer(selfSignedCertificate()).on("tlsClientError", () => {});
  let server: RedisServer;
  let ports: { readonly plain: number; readonly tls: number };

  beforeAll(async () => {
    server = await startRedis();
    await server.command("ACL", "SETUSER", "default", "resetpass", ">secret");
    await server.command("ACL", "SETUSER", "guest", "on", ">secret");
    secure.listen(0, "127.0.0.1");
    await once(secure, "listening");
    const { port } = secure.address() as AddressInfo; // a TCP server has a port
    ports = { plain: server.port, tls: port };
  });
  afterAll(async () => {
    secure.close();
    await server.close();
  });

  it.each([
    { because: "the password is wrong", url: "redis://:wrong@HOST:PLAIN", word: /^WRONGPASS$/ },
    { because: "there is no password", url: "redis://HOST:PLAIN", word: /^NOAUTH$/ },
    {
      because: "the user has no permissions",
      url: "redis://guest:secret@HOST:PLAIN",
      word: /^NOPERM$/,
    },
    {
      because: "the host is unknown",
      url: "redis://host.invalid:1",
      word: /^(ENOTFOUND|EAI_\w+)$/,
    },
    { because: "nothing listens", url: "redis://HOST:1", word: /^ECONNREFUSED$/ },
    { because: "its certificate is bad", url: "rediss://HOST:TLS", word: /^[A-Z_]+_CERT[A-Z_]*$/ },
    { because: "its port does not support TLS", url: "rediss://HOST:PLAIN", word: /^ETIMEDOUT$/ },
    {
      because: "its port requires TLS",
      url: "redis://HOST:TLS",
      word: /^(ECONNRESET|EPIPE|EPROTO)$/,
    },
  ])(
    "is reported with its error word and what to check, because $because",
    async ({ url, word }) => {
      const warnings: (readonly [message: string, facts: unknown])[] = [];
      const address = url
        .replace("HOST", server.host)
        .replace(/PLAIN$/, String(ports.plain))
        .replace(/TLS$/, String(ports.tls));
      const fleet = redis(
        timed({
          ...TIMINGS,
          redis: address,
          origin: new Vendor().origin,
          directAfterMs: 100,
        }),
      );
      const client = createClient({
        source: fleet,
        diagnostics: {
          ...{ debug() {}, info() {}, error() {} },
          warn(message, facts) {
            if (message.startsWith("redis unusable")) warnings.push([message, facts]);
          },
        },
      });
      await until(() => warnings.length > 0);
      await until(() => fleet.status.lastError !== null);
      const { lastError } = fleet.status;
      await client.close();
      const what = /^redis at \S+ [a-zA-Z, ]+: [A-Z_]+\. Check its (host|user|certificate|port)/;
      expect(warnings).toEqual([
        [
          "redis unusable, polling directly",
          {
            code: expect.stringMatching(/^SORTITION_REDIS_(DENIED|UNREACHABLE|TIMEOUT)$/),
            systemCode: expect.stringMatching(word),
            reason: expect.stringMatching(what),
          },
        ],
      ]);
      expect(lastError?.message).toMatch(what);
      expect(lastError?.message.split(" ")[2]).toBe(new URL(address).host);
      expect(JSON.stringify([warnings, lastError])).not.toMatch(/secret|wrong/);
    },
  );

  describe.each([6, 5])("whose port speaks another protocol, ioredis %i", (release) => {
    const web = createHttpServer((_, response) => response.end("hello"));
    beforeAll(async () => {
      web.listen(0, "127.0.0.1");
      await once(web, "listening");
    });
    afterAll(() => {
      web.closeAllConnections();
      web.close();
    });

    it.each(
      [
        {
          because: "it is a web server",
          scheme: "redis",
          port: () => (web.address() as AddressInfo).port,
          says: "responds, but does not speak the Redis protocol (HTTP?). Check its host and port.",
        },
        {
          because: "it is a web server, and the client uses TLS",
          scheme: "rediss",
          port: () => (web.address() as AddressInfo).port,
          says: "does not speak TLS: ERR_SSL_WRONG_VERSION_NUMBER. Check its port, or write redis:// instead of rediss://, or leave out `tls`.",
        },
        {
          because: "it requires TLS",
          scheme: "redis",
          port: () => ports.tls,
          says: "cannot be reached: ECONNRESET. Check its port, or write rediss:// instead of redis://, because the server may expect TLS.",
        },
        {
          because: "it does not support TLS",
          scheme: "rediss",
          port: () => ports.plain,
          says: "does not speak TLS, or hangs: ETIMEDOUT. Check its port, or write redis:// instead of rediss://, or leave out `tls`.",
        },
      ].filter((_, i) => isInPart(release % 2, i % 2)),
    )("is identified in the warning and in the status, because $because", async (row) => {
      const { says, scheme } = row;
      const port = row.port();
      const Class = release === 6 ? Redis : (Redis5 as unknown as typeof Redis);
      const warnings: unknown[] = [];
      const fleet = redis(
        timed({
          ...TIMINGS,
          redis: new Class(`${scheme}://127.0.0.1:${port}`, { lazyConnect: true }),
          origin: new Vendor().origin,
          connectTimeoutMs: 300,
          directAfterMs: 1_000,
        }),
      );
      const client = createClient({
        source: fleet,
        diagnostics: {
          ...{ debug() {}, info() {}, error() {} },
          warn(message, facts) {
            if (message.startsWith("redis unusable")) warnings.push(facts?.["reason"]);
          },
        },
      });
      await until(() => warnings.length > 0);
      const { lastError } = fleet.status;
      await client.close();
      const reason = `redis at 127.0.0.1:${port} ${says}`;
      expect([warnings, lastError?.message]).toEqual([[reason], reason]);
    });
  });

  describe("because its server has no such database", () => {
    it.each<{ from: string; input: (server: RedisServer) => RedisInput; says: string }>([
      {
        from: "the path of a URL",
        input: ({ url }) => `${url}/99`,
        says: "refused to select database 99: ERR. Check the database number.",
      },
      {
        from: "the query of a URL",
        input: ({ url }) => `${url}?db=99`,
        says: "refused to select database 99: ERR. Check the database number.",
      },
      {
        from: "options",
        input: ({ host, port }) => ({ host, port, db: 99 }),
        says: "refused to select database 99: ERR. Check the database number.",
      },
      {
        from: "a client of ioredis 5",
        input: ({ url }) => new Redis5(`${url}/99`, { lazyConnect: true }) as unknown as Redis,
        says: "refused to select database 99: ERR. Check the database number.",
      },
      {
        from: "a factory whose URL has a typing error",
        input:
          ({ url }) =>
          (overrides) =>
            new Redis(`${url}/main`, { ...overrides }),
        says: "NaN is not a database number. Check `db`, or the path of the URL.",
      },
    ])("is reported, and workers poll directly: $from", async ({ input, says }) => {
      await using other = await startRedis();
      const world = new FleetWorld(other);
      const { client, fleet, messages } = world.join({ redis: input(other), directAfterMs: 100 });
      await client.waitForInitialization();
      await until(() => messages.includes("redis unusable, polling directly"));
      expect(fleet.status).toMatchObject({ role: "direct" });
      expect(fleet.status.lastError?.message).toContain(says);
      expect(client.isInitialized()).toBe(true);
      await world.close();
      expect(await other.command("DBSIZE")).toBe(0);
    });
  });
});
