import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const script = join(import.meta.dirname, "../scripts/redis.mjs");

/** Whether an earlier run has unpacked a server in this checkout, which is always found. */
const isUnpacked = existsSync(join(import.meta.dirname, "../.tools/redis-deb/redis-server"));

/** Runs the script on a machine where no server is installed and none can be installed. */
function provide(env: Readonly<Record<string, string>>) {
  const code = `import { provideRedis } from ${JSON.stringify(script)};
    provideRedis();
    provideRedis();
    console.log(process.env.REDIS_SERVER_BIN ?? "none");`;
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", code],
    { encoding: "utf8", env: { PATH: "/nonexistent", SORTITION_NO_APT: "1", ...env } },
  );
  return { status, stderr, stdout: stdout.trim() };
}

describe("scripts/redis.mjs", () => {
  it("uses the named server", () => {
    // The script only calls it with `--version`.
    expect(provide({ REDIS_SERVER_BIN: process.execPath })).toEqual({
      status: 0,
      stderr: "",
      stdout: process.execPath,
    });
  });

  it("fails if the named server does not run, even if none is required", () => {
    const { status, stderr } = provide({ REDIS_SERVER_BIN: "/nonexistent/redis-server" });
    expect(status).toBe(1);
    expect(stderr).toContain("REDIS_SERVER_BIN=/nonexistent/redis-server does not run");
  });

  it.skipIf(isUnpacked)("fails without a server if one is required", () => {
    const { status, stderr } = provide({ REQUIRE_REDIS: "1" });
    expect(status).toBe(1);
    expect(stderr).toContain(
      "a redis-server is required: no redis-server or valkey-server on PATH",
    );
  });

  it.skipIf(isUnpacked)("prints one line about skipped tests without a server", () => {
    const { status, stderr, stdout } = provide({});
    expect(status).toBe(0);
    expect(stdout).toBe("none");
    expect(stderr).toMatch(
      /^!!!!!! no redis-server, tests that need one are SKIPPED: .+ !!!!!!\n$/,
    );
  });
});
