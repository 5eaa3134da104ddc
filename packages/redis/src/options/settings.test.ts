import { type ConfigurationOrigin, OptionError } from "@sortition/core/internal";
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { redis } from "../fleet-source/fleet.js";
import { moveOutbox } from "../fleet-status/move-outbox.js";
import { readFleetStatus } from "../fleet-status/read-fleet-status.js";
import type { RedisFleetOptions } from "./options.js";
import { checkOptions } from "./settings.js";

const origin = {
  dialect: { name: "toy" },
  scope: "0123456789abcdef",
  fetchOnce: async () => ({ kind: "unchanged" }),
} as unknown as ConfigurationOrigin; // the checks use no other members

const url = "redis://localhost:1";

describe("checkOptions", () => {
  it.each([
    { options: { redis: "localhost" }, option: "redis", because: "it is not a URL" },
    {
      options: { redis: "http://localhost" },
      option: "redis",
      because: "its protocol is not Redis",
    },
    { options: { redis: null }, option: "redis", because: "it is missing" },
    {
      options: { redis: { duplicate() {}, options: {} } },
      option: "redis",
      because: "ioredis 4 has no fcall",
    },
    {
      options: { redis: url, origin, namespace: "a{b}" },
      option: "namespace",
      because: "it contains braces",
    },
    {
      options: { redis: url, origin, namespace: "a b" },
      option: "namespace",
      because: "it contains a blank",
    },
    { options: { redis: url, origin, namespace: "" }, option: "namespace", because: "it is empty" },
    {
      options: { redis: url, origin, prefix: "a{" },
      option: "prefix",
      because: "it contains a brace",
    },
    {
      options: { redis: url },
      option: "namespace",
      because: "there is no origin to derive it from",
    },
    { options: { redis: url, origin: {} }, option: "origin", because: "it has no methods" },
    {
      options: { redis: url, origin, whenRedisDown: "panic" },
      option: "whenRedisDown",
      because: "it is neither of the two values",
    },
    { options: { redis: [], namespace: "n" }, option: "redis", because: "it is a list" },
    {
      options: { redis: url, origin, namespace: null },
      option: "namespace",
      because: "it is null",
    },
    { options: { redis: url, origin, prefix: null }, option: "prefix", because: "it is null" },
    {
      options: { redis: url, origin: { ...origin, dialect: undefined } },
      option: "origin",
      because: "it has no dialect",
    },
    {
      options: { redis: url, origin: { ...origin, scope: "" }, namespace: "n" },
      option: "origin",
      because: "without a scope, two environments could mix",
    },
    {
      options: { redis: url, origin, dedupe: { ttlMs: 0 } },
      option: "dedupe.ttlMs",
      because: "it is an option of other uses",
    },
    {
      options: { redis: url, origin, dedupe: { name: 5 } },
      option: "dedupe.name",
      because: "it is not a string",
    },
    {
      options: { redis: url, origin, sticky: { ttlMs: "180d" } },
      option: "sticky.ttlMs",
      because: "it is not a number",
    },
    {
      options: { redis: url, origin, outbox: { deliver: "no" } },
      option: "outbox.deliver",
      because: "it is not a boolean",
    },
    {
      options: { redis: url, origin, outbox: { minIdleMs: 1_000, deliveryTimeoutMs: 501 } },
      option: "outbox.deliveryTimeoutMs",
      because: "another process claims entries after minIdleMs",
    },
    {
      options: { redis: url, origin, outbox: { name: "dead" } },
      option: "outbox.name",
      because: "it is the key of the default outbox's dead stream",
    },
    {
      options: { redis: url, origin, outbox: { name: "a:counts" } },
      option: "outbox.name",
      because: "it is the key of the counts of outbox a",
    },
  ])("rejects $option, because $because", ({ options, option }) => {
    const check = (): unknown => checkOptions(options as unknown as RedisFleetOptions);
    expect(check).toThrow(OptionError);
    expect(check).toThrow(new RegExp(`^${option}: `));
  });

  it.each([
    { use: "outbox", option: "maxEntries", least: 1, most: 100_000_000 },
    { use: "outbox", option: "maxPending", least: 1, most: 1_000_000 },
    { use: "outbox", option: "flushMs", least: 1, most: 60_000 },
    { use: "outbox", option: "minIdleMs", least: 100, most: 86_400_000 },
    { use: "outbox", option: "maxDeliveries", least: 1, most: 1_000 },
    { use: "sticky", option: "ttlMs", least: 1_000, most: 3_660 * 86_400_000 },
    { use: "sticky", option: "maxCached", least: 0, most: 10_000_000 },
    { use: "sticky", option: "maxPending", least: 1, most: 1_000_000 },
    { use: "sticky", option: "flushMs", least: 0, most: 60_000 },
    { use: "dedupe", option: "ttlMs", least: 1_000, most: 366 * 86_400_000 },
    { use: "dedupe", option: "maxPending", least: 1, most: 1_000_000 },
    { use: "dedupe", option: "batchSize", least: 1, most: 1_000 },
    { use: "dedupe", option: "flushMs", least: 1, most: 60_000 },
    { use: "dedupe", option: "claimMs", least: 100, most: 86_400_000 },
  ])("accepts $use.$option from $least to $most", ({ least, most, option, use }) => {
    const check = (value: number) => () =>
      checkOptions({ redis: url, namespace: "n", [use]: { [option]: value } });
    for (const value of [least, most]) expect(check(value)).not.toThrow();
    for (const value of [least - 1, most + 1]) expect(check(value)).toThrow(`${use}.${option}: `);
  });

  it("suggests the nearest option", () => {
    const options = { redis: url, origin, timings: { leasMs: 5 } } as RedisFleetOptions;
    expect(() => checkOptions(options)).toThrow(
      "timings.leasMs: unknown option, did you mean leaseMs?",
    );
  });

  it.each([
    { options: { url }, says: "url: unknown option; use redis, such as { redis: " },
    { options: { host: "x", port: 1 }, says: "host: unknown option; use redis, such as { redis: " },
    { options: { client: {} }, says: "client: unknown option; use redis, such as { redis: " },
    { options: { apiKey: "k" }, says: "apiKey: unknown option; pass it to the origin: " },
    { options: { headers: {} }, says: "origin: httpOrigin({ apiKey, headers }) })" },
    {
      options: { redis: url, dialect: {} },
      says: "dialect: unknown option; pass it to the client: createClient({ source: fleet, dialect })",
    },
    {
      options: { redis: [url], origin },
      says: "function: for a Cluster, write redis: (options) => new Cluster(nodes, options)",
    },
    {
      options: { redis: url, origin, timings: { leaseMs: 15 } },
      says: "timings.leaseMs: expected an integer in 150…86400000, got 15; it is in milliseconds",
    },
    {
      options: { redis: url, origin, dedupe: { ttlMs: 24 } },
      says: "dedupe.ttlMs: expected at least 1000, got 24; it is in milliseconds",
    },
    { options: url, says: "got a string: write redis({ redis: url })" },
    { options: { duplicate() {}, options: {} }, says: "write redis({ redis: client })" },
    {
      options: { redis: url, origin: { subscribe() {} } },
      says: "origin: is a source: pass an origin, such as httpOrigin(…), or growthbookOrigin(…)",
    },
  ])("explains what to write: $says", ({ options, says }) => {
    expect(() => checkOptions(options as never)).toThrow(says);
  });

  it.each([readFleetStatus, moveOutbox])("explains it in each function: %o", async (read) => {
    await expect(read({ url, namespace: "shop" } as never)).rejects.toThrow(
      "url: unknown option; use redis, such as { redis: ",
    );
  });

  it("explains why a process that may not poll has no configuration", () => {
    const fleet = redis({ redis: url, origin, namespace: "shop", eligible: false });
    expect(fleet.lateHint).toContain('no configuration in the namespace "shop", and this process');
    expect(redis({ redis: url, origin: { ...origin, lateHint: "slow" } }).lateHint).toBe("slow");
  });

  it("never prints the URL, which may contain a password", () => {
    const options = { redis: "http://user:secret@localhost", origin };
    expect(() => checkOptions(options)).toThrow(/^(?!.*secret)/);
  });

  it("derives the namespace from the origin and the timings from the interval", () => {
    const settings = checkOptions({ redis: url, origin });
    expect(settings.namespace.shared.lease).toBe("sortition:{toy-0123456789ab}:v1:lease");
    expect(settings).toMatchObject({
      pollIntervalMs: 30_000,
      leaseMs: 15_000,
      tickMs: 10_000,
      claimMs: 12_000,
      directAfterMs: 30_000,
      emptyDirectAfterMs: 1_000,
      overdueAfterMs: 30_000,
    });
  });

  it("keeps the key prefix of a client", () => {
    const redis = new Redis({ keyPrefix: "app:", lazyConnect: true });
    const { shared } = checkOptions({ redis, namespace: "n" }).namespace;
    expect(shared.changed).toBe("app:sortition:{n}:v1:changed");
  });
});
