// A program that connects in the way that the test names, with the release of ioredis that the test
// has put in place of `ioredis`.
import { createClock } from "@sortition/core/internal";
import { serve } from "@sortition/test-kit/redis-worker";
import { Cluster, Redis } from "ioredis";
import { Connections } from "../../src/connection/connections.js";
import type { RedisInput } from "../../src/connection/input.js";
import { Subscriber } from "../../src/connection/subscriber.js";
import { checkOptions } from "../../src/options/settings.js";
import { createScript } from "../../src/scripts/script.js";

/** How the program gets its connections. */
export type Way = "url" | "options" | "client" | "factory" | "cluster" | "cluster factory";

/** Where to connect, and with which credentials. */
export interface Access {
  readonly host: string;
  readonly port: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: { readonly ca?: string; readonly servername?: string };
  readonly sentinels?: { readonly host: string; readonly port: number }[];
  /** Name of the server that the Sentinels watch. */
  readonly name?: string;
}

const ECHO = createScript("return {KEYS[1], ARGV[1], redis.call('PING')}");
const CHANNEL = "news";

function inputOf(way: Way, access: Access): RedisInput {
  const { host, password = "", port, tls, username = "" } = access;
  const nodes = [{ host, port }];
  const credentials = { username, password, ...(tls === undefined ? {} : { tls }) };
  switch (way) {
    case "url":
      return `redis://${username}:${password}@${host}:${port}`;
    case "options":
      return access;
    case "client":
      return new Redis({ ...access, lazyConnect: true });
    case "factory":
      return (overrides) => new Redis({ ...access, ...overrides });
    case "cluster":
      return new Cluster(nodes, { lazyConnect: true, redisOptions: credentials });
    case "cluster factory":
      return (overrides) =>
        new Cluster(nodes, {
          ...overrides,
          redisOptions: { ...overrides.redisOptions, ...credentials },
        });
  }
}

/** Opens each kind of connection, and returns the replies and the received message. */
async function connect(way: Way, access: Access): Promise<unknown> {
  const redis = inputOf(way, access);
  const settings = checkOptions({ redis, namespace: "n", commandTimeoutMs: 10_000 });
  const ports = { clock: createClock(), random: () => 0 };
  const connections = new Connections(redis, { ...settings, connectTimeoutMs: 10_000 }, ports);
  const { commands } = connections;
  const blocking = connections.dedicated("blocking");
  connections.begin();
  try {
    await commands.settled();
    const echoed = await commands.run(ECHO, ["k"], ["a"]);
    blocking.open();
    await blocking.settled();
    const pong = await blocking.command("ping");
    const message = await hear(connections);
    return [echoed, pong, message].flat().map(String);
  } finally {
    blocking.close();
    commands.close();
  }
}

/** Subscribes, publishes, and returns what was received. */
function hear(connections: Connections): Promise<string> {
  const { commands } = connections;
  return new Promise((resolve, reject) => {
    const link = connections.single("subscriber");
    const end = (then: () => void) => () => {
      subscriber.close();
      then();
    };
    const subscriber = new Subscriber(link, CHANNEL, createClock(), {
      message: (text) => end(() => resolve(text))(),
      // The message may arrive before the reply, and then the connection is closed.
      subscribed: () => void commands.command("publish", CHANNEL, "hello").catch(() => {}),
      refused: (error) => end(() => reject(error))(),
    });
    link.listen({ down: (error) => end(() => reject(error))() });
    subscriber.open();
  });
}

serve({
  connect: ({ access, way }: { readonly access: Access; readonly way: Way }) =>
    connect(way, access),
});
process.channel?.ref(); // runs until the test ends it
