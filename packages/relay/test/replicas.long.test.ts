import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import type { TestFlags } from "@sortition/testing";
import { describe, expect, it } from "vitest";
import { type Command, startCommand } from "./command.js";
import { serverOf } from "./formats.js";
import { ENVIRONMENTS, later, VARIABLES } from "./start.js";

const { KEY } = VARIABLES;
const INTERVAL_MS = 6_000;

/** Publishes flags whose value contains `number`. */
const publish = (flags: TestFlags, number: number): void => {
  flags.string("version").variations(`v${number}`, "other").otherwise(`v${number}`);
};

/** Returns the version that a replica serves; -1 without flags. */
async function versionAt(url: string): Promise<number> {
  const answer = await fetch(`${url}/flag-config/v1/config?apiKey=${KEY}`).catch(() => null);
  if (answer?.status !== 200) return -1;
  const text = await answer.text();
  JSON.parse(text); // throws for a partial configuration
  return Number(/"v(\d+)"/.exec(text)?.[1] ?? 0);
}

async function start() {
  const { flags, server } = await serverOf("Eppo");
  publish(flags, 1);
  const redis = await startRedis();
  later(() => redis.close());
  const own = ENVIRONMENTS.Eppo(server.url) as { readonly source: object };
  const folder = mkdtempSync(join(tmpdir(), "relay-"));
  later(async () => rmSync(folder, { recursive: true }));
  const file = join(folder, "relay.json");
  const environment = {
    ...own,
    source: { ...own.source, pollIntervalMs: INTERVAL_MS },
    redis: { url: redis.url, namespace: "test" },
  };
  const content = { listen: 0, admin: { listen: 0 }, environments: [environment] };
  writeFileSync(file, JSON.stringify(content));
  const replica = (): Command => startCommand(["--config", file], { env: VARIABLES });
  return { flags, redis, replica, server };
}

describe.skipIf(!hasRedis)("replicas that share Redis", () => {
  it("send one request per interval to the vendor, even after one of them was killed", async () => {
    const { flags, replica, server } = await start();
    const first = replica();
    const replicas = [first, replica(), replica()];
    const urls = await Promise.all(replicas.map((it) => it.listening()));
    for (const url of urls) await expect.poll(() => versionAt(url)).toBe(1);
    expect(server.requests.length).toBeLessThanOrEqual(2);

    publish(flags, 2);
    for (const url of urls) await expect.poll(() => versionAt(url)).toBe(2);
    const [before, startedAtMs] = [server.requests.length, performance.now()];
    first.kill("SIGKILL");
    await first.ended;
    publish(flags, 3);
    for (const url of urls.slice(1)) await expect.poll(() => versionAt(url)).toBe(3);
    await expect.poll(() => server.requests.length - before).toBeGreaterThanOrEqual(2);
    const intervals = (performance.now() - startedAtMs) / INTERVAL_MS;
    // The new leader may repeat the last request of the old one.
    expect(server.requests.length - before).toBeLessThanOrEqual(Math.ceil(intervals) + 2);
  });

  it("serve the flags in Redis after a restart without the vendor, and are ready", async () => {
    const { flags, replica, server } = await start();
    const first = replica();
    const url = await first.listening();
    await expect.poll(() => versionAt(url)).toBe(1);
    first.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    await server.close();
    const again = await replica().listening();
    await expect.poll(async () => (await fetch(`${again}/readyz`)).status).toBe(200);
    const answer = await fetch(`${again}/flag-config/v1/config?apiKey=${KEY}`);
    expect(await answer.text()).toBe(flags.payload());
    expect(Number(answer.headers.get("age"))).toBeGreaterThanOrEqual(0);
  });

  it("continue without Redis, and none serves an older version after a newer one", async () => {
    const { flags, redis, replica } = await start();
    const replicas = [replica(), replica()];
    const urls = await Promise.all(replicas.map((it) => it.listening()));
    for (const url of urls) await expect.poll(() => versionAt(url)).toBe(1);

    const seen = urls.map((): number[] => []);
    let isWatching = true;
    const watching = urls.map(async (url, index) => {
      while (isWatching) seen[index]?.push(await versionAt(url));
    });
    await redis.kill();
    publish(flags, 2);
    for (const url of urls) await expect.poll(() => versionAt(url)).toBe(2);
    await redis.start();
    publish(flags, 3);
    for (const url of urls) await expect.poll(() => versionAt(url)).toBe(3);
    isWatching = false;
    await Promise.all(watching);
    for (const versions of seen) {
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
      expect(versions).not.toContain(-1);
      expect(new Set(versions)).toEqual(new Set([1, 2, 3]));
    }
    for (const { stdout } of replicas) expect(stdout).not.toContain(KEY);
  });
});
