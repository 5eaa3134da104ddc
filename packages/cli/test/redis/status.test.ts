import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasRedis, type RedisServer, startRedis } from "@sortition/test-kit/redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MAIN, run, runProgram } from "../run.js";

const SECRET = "pa55word";

describe.skipIf(!hasRedis)("sortition redis status", () => {
  let server: RedisServer;
  let url = "";

  beforeAll(async () => {
    server = await startRedis({ args: ["--requirepass", ""] });
    await server.command(
      "ACL",
      "SETUSER",
      "operator",
      "on",
      `>${SECRET}`,
      "allkeys",
      "allchannels",
      "+@all",
    );
    url = server.url.replace("//", `//operator:${SECRET}@`);
    const [seconds] = (await server.command("TIME")) as readonly [string, string];
    const now = Number(seconds) * 1_000;
    for (const [name, due] of [
      ["healthy", now + 60_000],
      ["overdue", now - 60_000],
    ] as const) {
      const key = `sortition:{${name}}:v1`;
      await server.command("SET", `${key}:lease`, "worker-7.0123", "PX", 60_000);
      await server.command("HSET", `${key}:fence`, "n", "16", "owner", "worker-7.0123");
      const times = ["at", due - 30_000, "okAt", due - 90_000, "due", due];
      await server.command(
        "HSET",
        `${key}:poll`,
        ...times,
        "outcome",
        "origin-error",
        "status",
        503,
        "failures",
        2,
      );
      const head = ["rev", 17, "sha", "ab".repeat(32), "dialect", "eppo", "by", "0.1.0"];
      const part = ["parts", "flags", "part:flags", "x".repeat(500), "size:flags", 5_000];
      await server.command("HSET", `${key}:config`, ...head, ...part, "omitted", "cohort=00");
    }
  });
  afterAll(() => server.close());

  it("shows a healthy fleet, and exits with 0", async () => {
    const { exitCode, stderr, stdout } = await run([
      "redis",
      "status",
      "--url",
      url,
      "--namespace",
      "healthy",
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.replace(/\d+\.\d (s|min)/g, "N")).toBe(`healthy  healthy

leader         worker-7, lease expires in N
fence          16 of worker-7
configuration  eppo, revision 17, abababababababab, by 0.1.0
  flags        5,000 bytes, stored as 500
  cohort       omitted (too large)
last success   N ago
next poll      due in N
last outcome   origin-error, status 503, 2 consecutive failures
subscribers    0
outbox         0 waiting, 0 of them pending, 0 dead
`);
  });

  it("lists outboxes that no process delivers, and moves them", async () => {
    await using other = await startRedis();
    const key = "sortition:{former}:v1:outbox:old";
    await other.command("XADD", key, "*", "id", "1", "kind", "assignment", "event", "{}");
    await other.command("HSET", "sortition:{former}:v1:outboxes", "old", 1);
    const at = ["--url", other.url, "--namespace", "former"];
    const before = await run(["redis", "status", ...at]);
    expect(before.stdout).toMatch(/^ {2}old +1 waiting, 0 of them pending, 0 dead$/m);
    expect(before.stdout).toMatch(
      /^not delivered +old: start a process that delivers it, or move its exposures:\n +sortition redis move --namespace former --outbox old$/m,
    );
    const move = ["redis", "move", ...at, "--outbox", "old", "--to-namespace", "shop"];
    expect(await run(move)).toEqual({ exitCode: 0, stdout: "moved 1 exposure\n", stderr: "" });
    expect(await other.command("XLEN", "sortition:{shop}:v1:outbox")).toBe(1);
    expect((await run(["redis", "status", ...at])).stdout).not.toContain("not delivered");
    const same = await run(["redis", "move", ...at]);
    expect(same.exitCode).toBe(2);
    expect(same.stderr).toContain("moved to itself: pass --to-namespace NAME or --to-outbox NAME");
    const typo = await run(["redis", "move", ...at.with(-1, "formr"), "--to-namespace", "shop"]);
    expect(typo).toMatchObject({ exitCode: 0, stdout: "moved 0 exposures\n" });
    expect(typo.stderr).toContain(
      "the outbox contains no exposures. If it should contain any, check",
    );
  });

  it("tells that its server is a replica that is cut off", async () => {
    await using other = await startRedis();
    await other.command("REPLICAOF", "127.0.0.1", 1);
    const args = ["redis", "status", "--url", other.url, "--namespace", "healthy"];
    const { stdout } = await run(args);
    expect(stdout).toContain("server         a replica without a connection");
  });

  it("is mixed while two sources use the namespace, and shows the configuration of either", async () => {
    await using other = await startRedis();
    const [former, next] = ["00112233aabb", "ccddeeff0011"];
    const head = ["rev", 17, "sha", "ab".repeat(32), "dialect", "eppo", "by", "0.1.0"];
    await other.command("HSET", `sortition:{shop-${next}}:v1:config`, ...head, "parts", "");
    const [seconds] = (await other.command("TIME")) as readonly [string, string];
    const since = (Number(seconds) - 700) * 1_000;
    const key = "sortition:{shop}:v1:sources";
    await other.command("HSET", key, former, `${since} ${since + 690_000}`);
    await other.command("HSET", key, next, `${since} ${since + 695_000}`);
    const at = ["--url", other.url, "--namespace"];
    const mixed = await run(["redis", "status", ...at, "shop"]);
    expect(mixed.exitCode).toBe(1);
    expect(mixed.stdout).toMatch(/^mixed {2}shop$/m);
    expect(mixed.stdout).toContain(`shop-${next}, shop-${former} (the rows below show the first)`);
    expect(mixed.stdout).toMatch(/^configuration +eppo, revision 17,/m);
    const one = await run(["redis", "status", ...at, `shop-${next}`]);
    expect(one.stdout).toMatch(/^configuration +eppo, revision 17,/m);
    const no = await run(["redis", "status", ...at, `shop-${former}`]);
    expect(no.stdout).toMatch(/^configuration +none stored/m);
  });

  it.each([
    { namespace: "overdue", health: "overdue" },
    { namespace: "nobody", health: "empty" },
  ])("exits with 1 for a fleet that is $health", async ({ health, namespace }) => {
    const { exitCode, stdout } = await run([
      "redis",
      "status",
      "--url",
      url,
      "--namespace",
      namespace,
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(new RegExp(`^${health} `));
  });

  it("says that nothing was written to a namespace", async () => {
    const text = "nothing was ever written to it";
    for (const [namespace, isUnused] of [
      ["none", true],
      ["healthy", false],
    ] as const) {
      const { stdout } = await run(["redis", "status", "--url", url, "--namespace", namespace]);
      expect(stdout.includes(text)).toBe(isUnused);
    }
  });

  it("prints one JSON object, and reads the URL from the environment", async () => {
    const args = ["redis", "status", "--namespace", "healthy", "--prefix", "sortition", "--json"];
    const { exitCode, stdout } = await runProgram(args, "", { SORTITION_REDIS_URL: url });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      namespace: "healthy",
      prefix: "sortition",
      health: "healthy",
      leader: { worker: "worker-7" },
      configuration: { revision: "17", omitted: ["cohort"] },
    });
  });

  it.each([
    { args: ["--url", "redis://h:1"], message: "--namespace is missing" },
    { args: ["--namespace", "a"], message: "--url is missing" },
    { args: ["--url", "", "--namespace", "a"], message: "--url is missing" },
    { args: ["--url", `http://u:${SECRET}@h`, "--namespace", "a"], message: "--url: expected" },
    { args: ["--url", `u:${SECRET}@h`, "--namespace", "a"], message: "--url: expected" },
    { args: ["--url", `redis://u:${SECRET}#@h`, "--namespace", "a"], message: "--url: is not a" },
    {
      args: ["--url", `redis://u:${SECRET}@h:1/abc`, "--namespace", "a"],
      message: '--url: "/abc" is not a database number: write redis://h:1/0',
    },
    {
      args: ["--url", "redis://h:1?db=x", "--namespace", "a"],
      message: '"db=x" is not a database number',
    },
    { args: ["--url", "redis://h:1", "--namespace", "a{b"], message: "namespace: expected" },
    { args: ["--url", "redis://h:1", "--namespace", "a", "--nope"], message: "--nope" },
    {
      args: ["--url", `redis://u:${SECRET}@127.0.0.1:1`, "--namespace", "a"],
      message: "redis://127.0.0.1:1: ",
    },
  ])("exits with 2 for $args, and never prints the password", async ({ args, message }) => {
    const { exitCode, stderr, stdout } = await run(["redis", "status", ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain(SECRET);
  });

  it("exits with 2 for a database that the server does not have", async () => {
    const args = ["--url", `${url}/99`, "--namespace", "healthy"];
    const { exitCode, stderr, stdout } = await run(["redis", "status", ...args]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("refused to select database 99");
    expect(stderr).not.toContain(SECRET);
  });

  it("exits with 2 for a wrong password, and does not print it", async () => {
    const wrong = url.replace(SECRET, `${SECRET}x`);
    const { exitCode, stderr, stdout } = await run([
      "redis",
      "status",
      "--url",
      wrong,
      "--namespace",
      "a",
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("SORTITION_REDIS_DENIED");
    expect(stderr).not.toContain(SECRET);
  });
});

describe("sortition redis", () => {
  it.each([
    { args: ["redis"], message: "the subcommand is missing; expected status or move" },
    { args: ["redis", "flush"], message: 'unknown subcommand "flush"; expected status or move' },
  ])("exits with 2 for $args", async ({ args, message }) => {
    const { exitCode, stderr, stdout } = await run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it.each([{ args: ["redis", "--help"] }, { args: ["redis", "status", "--help"] }])(
    "prints its help for $args",
    async ({ args }) => {
      const { exitCode, stdout } = await run(args);
      expect(exitCode).toBe(0);
      expect(stdout).toMatch(/^Usage: sortition redis status /);
    },
  );

  it("prints the install command when its packages are missing", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sortition-cli-alone-"));
    try {
      cpSync(dirname(MAIN), join(folder, "dist"), { recursive: true });
      cpSync(join(dirname(MAIN), "../package.json"), join(folder, "package.json"));
      mkdirSync(join(folder, "node_modules/@sortition"), { recursive: true });
      const core = fileURLToPath(new URL("../../../core", import.meta.url));
      symlinkSync(core, join(folder, "node_modules/@sortition/core"));
      const args = ["redis", "status", "--url", "redis://h:1", "--namespace", "a"];
      const { exitCode, stderr, stdout } = await runProgram(
        args,
        "",
        {},
        join(folder, "dist/main.js"),
      );
      expect({ exitCode, stdout, stderr }).toEqual({
        exitCode: 2,
        stdout: "",
        stderr:
          "error: this command needs two more packages: npm install @sortition/redis ioredis\n",
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
