import { Cluster, Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import type { RedisClient } from "./input.js";
import { placeOf } from "./place.js";

const lazyConnect = true;
const password = "secret";
const sentinels = [{ host: "a", port: 1 }, { host: "b" }];

describe("placeOf", () => {
  it.each<{ client: RedisClient; place: string }>([
    {
      client: new Redis("rediss://user:secret@redis.example:6380/2?keyPrefix=secret", {
        lazyConnect,
      }),
      place: "redis at redis.example:6380",
    },
    { client: new Redis({ lazyConnect, password }), place: "redis at localhost:6379" },
    { client: new Redis({ lazyConnect, host: "::1", port: 1 }), place: "redis at [::1]:1" },
    { client: new Redis({ lazyConnect, path: "/run/redis" }), place: "redis at /run/redis" },
    {
      client: new Redis({ lazyConnect, name: "main", sentinels, sentinelPassword: password }),
      place: "redis main of the sentinels a:1, b:6379",
    },
    {
      client: new Cluster(["redis://:secret@a:1/?secret", 2, { host: "b", port: 3 }], {
        lazyConnect,
      }),
      place: "redis cluster of a:1, 2, b:3",
    },
    {
      client: new Cluster([":secret@a:1?secret", "b:2", "d:4"], { lazyConnect }),
      place: "redis cluster of a:1, b:2, d:4",
    },
    { client: { isCluster: false } as RedisClient, place: "redis at localhost:6379" },
    // JavaScript callers may pass no host. ioredis then connects to its default.
    {
      client: new Redis({ lazyConnect, host: null as never, port: 1 }),
      place: "redis at localhost:1",
    },
    { client: new Redis({ lazyConnect, host: "", port: 1 }), place: "redis at localhost:1" },
    {
      client: new Redis({ lazyConnect, name: "main", sentinels: [{ host: null as never }] }),
      place: "redis main of the sentinels localhost:6379",
    },
  ])("returns $place", ({ client, place }) => expect(placeOf(client)).toBe(place));
});
