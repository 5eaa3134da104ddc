import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { installConsumer } from "./consumer.ts";
import { run } from "./run.ts";
import { startServices } from "./services.ts";

const packages = inject("packages");
const relay = packages.filter(({ name }) => name === "@sortition/relay");
const guide = readFileSync(join(import.meta.dirname, "../../docs/guides/relay.md"), "utf8");
const KEY = "vendor-key-4711";
const NOBODY = "65534";

/** Runs a program as process 1, and as a user without write access. */
const CONTAINER = `unshare --pid --fork --kill-child --mount-proc setpriv --reuid=${NOBODY} --regid=${NOBODY} --clear-groups`;
const hasContainers = spawnSync(`${CONTAINER} true`, { shell: true }).status === 0;

/** A module that makes name lookups fail, so that the command cannot send requests to the vendor. */
const WITHOUT_NAMES = `data:text/javascript,${encodeURIComponent(`
import dns from "node:dns";
const { lookup } = dns;
dns.lookup = (host, ...rest) => lookup(/^[a-z]/.test(host) ? "name.invalid" : host, ...rest);
`)}`;

/** A read-only folder with only the packages that the relay needs. */
let folder = "";
let main = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sortition-relay-"));
  installConsumer(folder, relay, packages);
  execFileSync("chmod", ["-R", "a-w,a+rX", folder]);
  main = join(folder, "node_modules/@sortition/relay/dist/main.js");
});

afterAll(() => {
  execFileSync("chmod", ["-R", "u+w", folder]);
  rmSync(folder, { recursive: true });
});

/** Creates a folder in which every user may write. */
function openFolder(): string {
  const made = mkdtempSync(join(tmpdir(), "sortition-relay-data-"));
  chmodSync(made, 0o777);
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

/** Returns all files below a folder. */
function filesOf(made: string): readonly string[] {
  return readdirSync(made, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map(({ name, parentPath }) => join(parentPath, name));
}

interface Running {
  readonly url: string;
  readonly child: ChildProcess;
  readonly ended: Promise<readonly unknown[]>;
}

/** Starts the command, and waits until it listens. */
async function start(
  command: readonly string[],
  config: object,
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  const file = join(openFolder(), "relay.json");
  writeFileSync(file, JSON.stringify({ listen: 0, admin: { listen: 0 }, ...config }));
  const [program = "", ...args] = [...command, main, "--config", file];
  const child = spawn(program, args, { cwd: folder, env: { PATH: process.env["PATH"], ...env } });
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (data: string) => {
      text += data;
    });
  }
  await expect.poll(() => text, { timeout: 10_000 }).toMatch(/"url":"http/);
  const [, url = ""] = /"url":"([^"]+)"/.exec(text) ?? [];
  return { url, child, ended: once(child, "close") };
}

async function statusOf(url: string): Promise<number> {
  return (await fetch(url)).status;
}

describe.each(inject("nodes"))("with Node $version", ({ file }) => {
  it("the relay serves a vendor's flags, and exits with 0", async () => {
    await using services = await startServices();
    const environment = {
      name: "shop",
      dialect: "eppo",
      source: { apiKey: { env: "KEY" }, baseUrl: services.env["FLAGS_URL"] },
    };
    const { child, ended, url } = await start([file], { environments: [environment] }, { KEY });
    await expect.poll(() => statusOf(`${url}/readyz`)).toBe(200);
    const answer = await fetch(`${url}/shop/flag-config/v1/config?apiKey=${KEY}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toHaveProperty("flags.checkout");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  });
});

describe.skipIf(!hasContainers)("as process 1, and as a user without write access,", () => {
  it("the relay exits with 0, and serves its copy after a restart without the vendor", async () => {
    const services = await startServices();
    const directory = join(openFolder(), "copies");
    mkdirSync(directory);
    chmodSync(directory, 0o777);
    const source = { apiKey: { env: "KEY" }, baseUrl: services.env["FLAGS_URL"] };
    const environment = { name: "shop", dialect: "eppo", source, diskCache: { directory } };
    const command = [...CONTAINER.split(" "), process.execPath];
    const config = { environments: [environment] };
    const first = await start(command, config, { KEY });
    await expect.poll(() => statusOf(`${first.url}/readyz`)).toBe(200);
    await expect.poll(() => filesOf(directory)).toHaveLength(1);
    terminate(first.child);
    expect(await first.ended).toEqual([0, null]);
    for (const file of filesOf(directory)) {
      const { mode, uid } = statSync(file);
      expect([mode & 0o777, `${uid}`]).toEqual([0o600, NOBODY]);
    }

    await services[Symbol.asyncDispose]();
    const second = await start(command, config, { KEY });
    await expect.poll(() => statusOf(`${second.url}/readyz`)).toBe(200);
    const answer = await fetch(`${second.url}/flag-config/v1/config?apiKey=${KEY}`);
    expect([answer.status, answer.headers.has("age")]).toEqual([200, true]);
    terminate(second.child);
    expect(await second.ended).toEqual([0, null]);
  });
});

/** Sends SIGTERM to process 1, because `unshare` does not forward signals. */
function terminate({ pid = 0 }: ChildProcess): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  process.kill(Number(children), "SIGTERM");
}

describe("the guide", () => {
  it("has a valid configuration", async () => {
    const [, json = ""] = /<!-- relay.json -->\n\n```json\n([\s\S]*?)```/.exec(guide) ?? [];
    const secret = join(openFolder(), "eppo");
    writeFileSync(secret, KEY);
    const file = join(openFolder(), "relay.json");
    writeFileSync(
      file,
      json.replace("/run/secrets/eppo", secret).replace("4f6b…", "0".repeat(64)), // the guide shortens the hash
    );
    const redis = packages.filter(({ name }) => /redis|relay/.test(name));
    const withRedis = openFolder();
    installConsumer(withRedis, redis, packages);
    const command = join(withRedis, "node_modules/@sortition/relay/dist/main.js");
    const env = { GROWTHBOOK_CLIENT_KEY: KEY, REDIS_URL: "redis://127.0.0.1:6379" };
    const checked = await run(process.execPath, [command, "check", "--offline", file], {
      cwd: withRedis,
      env,
    });
    expect(checked).toEqual({
      exitCode: 0,
      stdout: `${file} is valid; no vendor was contacted\n`,
      stderr: "",
    });
    // Without the optional packages, the command names the missing ones.
    const refused = await run(process.execPath, [main, "check", "--offline", file], {
      cwd: folder,
      env,
    });
    expect(refused).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: environments[1].redis: needs the packages @sortition/redis and ioredis: install both\n",
    });
  });

  it("begins with a command that serves on a port", async () => {
    const [, dialect = "", port = ""] =
      /^SORTITION_RELAY_KEY=… npx @sortition\/relay --dialect (\w+) --listen (\d+)$/m.exec(guide) ??
      [];
    expect(port).toBe("8080");
    const child = spawn(process.execPath, [main, "--dialect", dialect, "--listen", "0"], {
      cwd: folder,
      env: { SORTITION_RELAY_KEY: KEY, NODE_OPTIONS: `--import=${WITHOUT_NAMES}` },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [line] = await once(child.stdout, "data");
    expect(`${line}`).toMatch(/"url":"http:\/\/127\.0\.0\.1:\d+"/);
    expect(`${line}`).not.toContain(KEY);
    child.kill("SIGTERM");
    expect(await once(child, "close")).toEqual([0, null]);
  });
});
