import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import type { Script } from "../../src/scripts/script.js";
import { SETTLE, TICK } from "../../src/scripts/shared-source.js";
import { Fleet, KEYS } from "../support/fleet.js";

const STATE_KEYS = [KEYS.lease, KEYS.fence, KEYS.gate, KEYS.config, KEYS.poll];
const TOKEN = "worker.0123";
/** The path on Debian. `SORTITION_LIBFAKETIME` can set another one. */
const LIBRARY =
  process.env["SORTITION_LIBFAKETIME"] ?? "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

/** Some servers do not start with it: jemalloc asks for the time before the library is ready. */
const startsWithLibrary =
  existsSync(LIBRARY) &&
  spawnSync(process.env["REDIS_SERVER_BIN"] ?? "", ["--version"], {
    env: { ...process.env, LD_PRELOAD: LIBRARY },
    timeout: 2_000,
    killSignal: "SIGKILL",
  }).status === 0;

describe.skipIf(!hasRedis).concurrent("redis §6 fault 35: Redis's clock is set back", () => {
  it("numbers from scripts keep growing", async () => {
    await using server = await startRedis();
    const first = await lead(server, 2_000_000_000, TOKEN);
    const published = await publish(server, 2_000_000_000, { n: first, version: "1" });
    expect(Number(published)).toBe(2_000_000_000_000);
    const later = await publish(server, 1_000_000_000, { n: first, version: "2" });
    expect(Number(later)).toBe(2_000_000_000_001);
    await server.command("DEL", KEYS.lease);
    const second = await lead(server, 1_000_000_000, "other.4567");
    expect(Number(second)).toBeGreaterThan(Number(first));
    // They grow even if Redis has lost everything, because workers remember the last number.
    await server.command("FLUSHALL");
    const known = Number(later);
    const third = await lead(server, 1_000_000_000, TOKEN, known);
    expect(Number(third)).toBeGreaterThan(known);
    const restored = await publish(server, 1_000_000_000, { n: third, version: "3", known });
    expect(Number(restored)).toBeGreaterThan(known);
  });

  it.skipIf(!startsWithLibrary)(
    "a server whose clock is set back by 10 minutes keeps its numbers growing (needs libfaketime, see SORTITION_LIBFAKETIME, and a server that starts with it)",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "sortition-clock-"));
      const set = (offset: string): void => {
        writeFileSync(join(folder, "next"), offset);
        renameSync(join(folder, "next"), join(folder, "clock"));
      };
      set("+0");
      const env = {
        LD_PRELOAD: LIBRARY,
        FAKETIME_TIMESTAMP_FILE: join(folder, "clock"),
        FAKETIME_NO_CACHE: "1",
        // Only the server's time of day may jump, not its timers.
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      };
      try {
        await using server = await startRedis({ env });
        await using fleet = await Fleet.start({ workers: 3, server });
        await fleet.leader();
        const before = (await server.command("TIME")) as readonly [string, string];
        set("-10m");
        const after = (await server.command("TIME")) as readonly [string, string];
        expect(Number(after[0])).toBeLessThan(Number(before[0]) - 500);
        await fleet.untilAll(fleet.vendor.change());
        set("+0");
        expect(await fleet.finish()).toEqual([]);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});

/** Returns a script whose clock is stopped. */
function at(seconds: number, { text }: Script): string {
  const stopped = text.replaceAll("redis.call('TIME')", `{'${seconds}', '0'}`);
  if (stopped === text) throw new Error("the script does not read the time");
  return stopped;
}

/** Takes or keeps the lease. Returns the fence number. */
async function lead(
  server: RedisServer,
  seconds: number,
  token: string,
  known = 0,
): Promise<string> {
  const args = [token, 60_000, 60_000, 1, known, 1, "scope"];
  const reply = await server.command(
    ...["EVAL", at(seconds, TICK), STATE_KEYS.length, ...STATE_KEYS, ...args],
  );
  const [held, n] = reply as readonly [number, string];
  expect(held).toBe(1);
  return n;
}

/** Publishes a version. Returns its revision. */
async function publish(
  server: RedisServer,
  seconds: number,
  { known = 0, n, version }: { n: string; version: string; known?: number },
): Promise<string> {
  const sha = version.padStart(64, "0");
  const poll = [n, TOKEN, sha, known, "ok", 1_000, KEYS.changed, 200, 0, 0, 0, 0];
  const fields = {
    ...{ scope: "scope", dialect: "toy", fmt: "1", parts: "flags", omitted: "", by: "test" },
    ...{ "part:flags": version, "enc:flags": "raw", "size:flags": "1" },
    ...{ "sha:flags": sha, "etag:flags": "", "fetched:flags": "0" },
  };
  const args = [...poll, 1, "flags", sha, ...Object.entries(fields).flat()];
  const reply = await server.command(
    ...["EVAL", at(seconds, SETTLE), STATE_KEYS.length, ...STATE_KEYS, ...args],
  );
  const [outcome, revision] = reply as readonly [string, string];
  expect(outcome).toBe("published");
  return revision;
}
