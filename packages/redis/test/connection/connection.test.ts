import { createClock } from "@sortition/core/internal";
import { createFakeClock, ifWhole, isInPart } from "@sortition/test-kit";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { Redis } from "ioredis";
import { Redis as Redis5 } from "ioredis5";
import { Redis as Redis54 } from "ioredis54";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Connection } from "../../src/connection/connection.js";
import { Connections } from "../../src/connection/connections.js";
import type { RedisInput } from "../../src/connection/input.js";
import { Subscriber } from "../../src/connection/subscriber.js";
import { checkOptions } from "../../src/options/settings.js";
import { createScript } from "../../src/scripts/script.js";
import { FleetWorld, until } from "../worker/fleet-world.js";
import { answerAsSentinel, listen, portOf } from "./fake-sentinel.js";

const ECHO = createScript("return {KEYS[1], ARGV[1], redis.call('PING')}");

describe("Connection", () => {
  it.each([
    { random: 0, pausesMs: [50, 100, 200, 400, 500, 500] },
    { random: 0.5, pausesMs: [75, 150, 300, 600, 750, 750] },
  ])("pauses twice as long after each failed attempt, up to a limit: $pausesMs", async (row) => {
    const clock = createFakeClock();
    const connection = new Connection({
      create: () => {
        throw new Error("no client");
      },
      ...{ clock, random: () => row.random, maxRetryMs: 500 },
      ...{ commandTimeoutMs: 100, connectTimeoutMs: 100, leaveEveryMs: 100 },
    });
    connection.open();
    for (const pauseMs of row.pausesMs) {
      expect(clock.pending.map(({ inMs }) => inMs)).toEqual([pauseMs]);
      await clock.advance(pauseMs);
    }
    connection.close();
  });
});

describe.skipIf(!hasRedis)("Connections", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.close());

  function connect(redis: RedisInput = server.url): Connections {
    const timings = { pollIntervalMs: 1_000, timings: { leaseMs: 600 }, commandTimeoutMs: 100 };
    const settings = checkOptions({ redis, namespace: "n", ...timings });
    return new Connections(redis, settings, { clock: createClock(), random: () => 0 });
  }

  const echo = (link: Connection): Promise<unknown> =>
    link.run(ECHO, ["k"], [new Uint8Array([97])]);
  const ECHOED = [Buffer.from("k"), Buffer.from("a"), Buffer.from("PONG")];

  it.each([
    { from: "a URL", input: () => server.url },
    {
      from: "a URL with options that ioredis would prefer to our own",
      input: () => `${server.url}?keyPrefix=app:&enableOfflineQueue=true&connectionName=other`,
    },
    { from: "options", input: () => ({ host: server.host, port: server.port }) },
    { from: "an ioredis 6 client", input: () => new Redis(server.url, { lazyConnect: true }) },
    {
      from: "an ioredis 5 client",
      // The types of the two releases differ in details that do not matter here.
      input: () => new Redis5(server.url, { lazyConnect: true }) as unknown as Redis,
    },
    {
      from: "an ioredis 5.4 client",
      input: () => new Redis54(server.url, { lazyConnect: true }) as unknown as Redis,
    },
    {
      from: "a factory",
      input: () => (overrides: object) => new Redis(server.url, { ...overrides }),
    },
  ])("connect from $from, and run a script that the server does not have", async ({ input }) => {
    const connections = connect(input() as RedisInput);
    const end = connections.begin();
    await connections.commands.settled();
    await server.command("SCRIPT", "FLUSH");
    expect(await echo(connections.commands)).toEqual(ECHOED);
    end();
    expect(connections.commands.state).toBe("closed");
  });

  describe("whose user has options that change how commands are sent or read", () => {
    const harmful = { enableAutoPipelining: true, replyMapping: "resp3" };
    const client = (Class: unknown): RedisInput =>
      new (Class as typeof Redis)(server.url, { ...harmful, lazyConnect: true } as object);
    it.each<{ from: string; input: () => RedisInput }>([
      {
        from: "a URL",
        input: () => `${server.url}?enableAutoPipelining=true&replyMapping=resp3`,
      },
      {
        from: "options",
        input: () => ({ host: server.host, port: server.port, ...harmful }) as RedisInput,
      },
      { from: "an ioredis 6 client", input: () => client(Redis) },
      { from: "an ioredis 5 client", input: () => client(Redis5) },
      {
        from: "a factory",
        input: () => (overrides) => new Redis(server.url, { ...harmful, ...overrides } as object),
      },
    ])("send several commands in one turn, and read lists: $from", async ({ input }) => {
      const connections = connect(input());
      const end = connections.begin();
      const { commands } = connections;
      await commands.settled();
      await commands.command("hset", "hash", "a", "1", "b", "2");
      const replies = await Promise.all([
        echo(commands),
        // In capitals, because ioredis would convert the reply to `hgetall` to an object.
        commands.command("HGETALL", "hash"),
        commands.command("HGETALL", "hash"),
      ]);
      const flat = ["a", "1", "b", "2"].map((it) => Buffer.from(it));
      expect(replies).toEqual([ECHOED, flat, flat]);
      end();
    });
  });

  it("stay open until the last use has ended, and reopen for the next one", async () => {
    const connections = connect();
    const ends = [connections.begin(), connections.begin()];
    await connections.commands.settled();
    ends[0]?.();
    ends[0]?.();
    expect(connections.commands.state).toBe("ready");
    ends[1]?.();
    expect(connections.commands.state).toBe("closed");
    connections.begin();
    await connections.commands.settled();
    expect(await echo(connections.commands)).toEqual(ECHOED);
    connections.commands.close();
  });

  it("reject a command immediately while there is no connection", async () => {
    const { commands } = connect();
    await expect(echo(commands)).rejects.toMatchObject({ code: "SORTITION_REDIS_UNREACHABLE" });
  });

  it("replace a connection after two consecutive commands without a reply", async () => {
    const own = await startRedis();
    const connections = connect(own.url);
    const { commands } = connections;
    connections.begin();
    await commands.settled();
    const { client } = commands;
    own.pause();
    await expect(echo(commands)).rejects.toMatchObject({ code: "SORTITION_REDIS_TIMEOUT" });
    expect(commands.client).toBe(client);
    await expect(echo(commands)).rejects.toMatchObject({ code: "SORTITION_REDIS_TIMEOUT" });
    expect(commands.client).toBeNull();
    own.resume();
    await until(() => commands.isReady);
    expect(await echo(commands)).toEqual(ECHOED);
    connections.commands.close();
    await own.close();
  });

  ifWhole(it)("report why a connection is replaced, not an earlier error", async () => {
    const own = await startRedis();
    const connections = connect(own.url);
    const { commands } = connections;
    connections.begin();
    await commands.settled();
    await own.kill();
    await until(() => commands.state === "down");
    await expect(echo(commands)).rejects.toMatchObject({ code: "SORTITION_REDIS_UNREACHABLE" });
    await own.start();
    await until(() => commands.isReady);
    own.pause();
    for (let i = 0; i < 2; i++) {
      await expect(echo(commands)).rejects.toMatchObject({ code: "SORTITION_REDIS_TIMEOUT" });
    }
    expect(commands.state).toBe("connecting");
    await expect(echo(commands)).rejects.toMatchObject({ code: "SORTITION_REDIS_TIMEOUT" });
    own.resume();
    connections.commands.close();
    await own.close();
  });

  it.each([6, 5].filter((_, i) => isInPart(i)))(
    "find the server through the second Sentinel if the first one does not respond, or say what is denied (ioredis %i)",
    async (release) => {
      let isDenied = true;
      const mute = await listen(() => {});
      const sentinel = await listen((socket) => answerAsSentinel(socket, server.port, isDenied));
      const options = { sentinels: [portOf(mute), portOf(sentinel)], name: "main" };
      const Class = release === 6 ? Redis : (Redis5 as unknown as typeof Redis);
      const connections = connect(new Class({ ...options, lazyConnect: true }));
      const errors: string[] = [];
      connections.commands.listen({ down: ({ message }) => void errors.push(message) });
      connections.begin();
      await connections.commands.settled();
      expect(errors[0]).toContain("NOPERM. Check its user's permissions: grant +sentinel|get-");
      isDenied = false;
      await until(() => connections.commands.isReady);
      expect(await echo(connections.commands)).toEqual(ECHOED);
      connections.commands.close();
      for (const it of [mute, sentinel]) it.close();
    },
  );

  it("reconnect after the server was lost, and report it", async () => {
    await using own = await startRedis();
    const connections = connect(own.url);
    const { commands } = connections;
    const notices: string[] = [];
    commands.listen({
      ready: () => notices.push("ready"),
      down: ({ code }) => notices.push(code),
      closed: () => notices.push("closed"),
    });
    connections.begin();
    await commands.settled();
    await own.kill();
    await until(() => notices.includes("SORTITION_REDIS_UNREACHABLE"));
    await own.start();
    await until(() => commands.isReady);
    connections.commands.close();
    expect(notices[0]).toBe("ready");
    expect(notices.slice(-2)).toEqual(["ready", "closed"]);
  });

  it("deliver the messages of one channel, even after the subscriber was disconnected", async () => {
    const connections = connect();
    connections.begin();
    await connections.commands.settled();
    const messages: string[] = [];
    let subscriptions = 0;
    const subscriber = new Subscriber(connections.single("subscriber"), "news", createClock(), {
      message: (text) => messages.push(text),
      subscribed: () => {
        subscriptions += 1;
      },
      refused() {},
    });
    subscriber.open();
    subscriber.open();
    await until(() => subscriptions === 1);
    await server.command("PUBLISH", "news", "1");
    await until(() => messages.length === 1);
    await server.command("CLIENT", "KILL", "TYPE", "pubsub");
    await until(() => subscriptions === 2);
    await server.command("PUBLISH", "news", "2");
    await until(() => messages.length === 2);
    expect([messages, subscriber.state]).toEqual([["1", "2"], "on"]);
    subscriber.close();
    connections.commands.close();
  });

  it.each(
    [
      { why: "denied", args: [], rules: ["+@all", "-subscribe"], state: "denied", receivers: 0 },
      {
        why: "denied",
        args: [],
        rules: ["+@all", "resetchannels"],
        state: "denied",
        receivers: -1,
      },
      {
        why: "refused",
        args: ["--rename-command", "SUBSCRIBE", ""],
        rules: ["+@all"],
        state: "down",
        receivers: 0,
      },
    ].filter((_, i) => isInPart(i)),
  )(
    "redis §6 fault 16: report once that a subscription is $why ($rules), and follow by ticks",
    async (row) => {
      const { args, receivers, rules, state, why } = row;
      await using own = await startRedis({ args });
      await own.command("ACL", "SETUSER", "worker", "on", ">secret", "&*", "~*", ...rules);
      const world = new FleetWorld({ url: own.url.replace("//", "//worker:secret@") });
      const { client, fleet, reports } = world.join();
      await client.waitForInitialization();
      const follower = world.join();
      await follower.client.waitForInitialization();
      await until(() => reports.some(({ message }) => message.startsWith("pub/sub")));
      await own.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      world.vendor.version = 2;
      await until(() => follower.version === 2);
      expect(follower.fleet.status.counters.directPolls).toBe(0);
      const facts = expect.objectContaining({ receivers });
      expect(reports).toContainEqual({ message: "configuration published", facts });
      expect(reports.filter(({ message }) => message.startsWith("pub/sub"))).toEqual([
        {
          message: `pub/sub ${why}, ticking only`,
          facts: {
            code: expect.stringMatching(/^SORTITION_REDIS_(DENIED|SCRIPTING)$/),
            systemCode: expect.stringMatching(/^(NOPERM|ERR)$/),
            reason: expect.stringContaining("refused a command"),
          },
        },
      ]);
      expect(fleet.status.pubsub).toBe(state);
      await world.close();
    },
  );
});
