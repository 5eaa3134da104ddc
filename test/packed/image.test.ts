import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { run } from "./run.ts";
import { startServices } from "./services.ts";

const root = join(import.meta.dirname, "../..");
const containerfile = join(root, "packages/relay/Containerfile");
/** Folder of the tarballs of `npm run pack`, which the packed tests have written. */
const context = join(root, ".tarballs");
const hasDaemon = spawnSync("docker", ["info"], { stdio: "ignore" }).status === 0;
const KEY = "vendor-key-4711";

/** The image's content in a folder of this machine, and its command. */
interface Image {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly healthcheck: readonly string[];
}

/** Returns the instructions of a Containerfile, each with its continuation lines. */
function instructionsOf(text: string): readonly (readonly [name: string, rest: string])[] {
  const lines = text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const [name = ""] = line.split(" ", 1);
      return [name, line.slice(name.length + 1)];
    });
}

/** Runs the steps of the Containerfile without a container, with the same files, commands and environment. */
function build(folder: string): Image {
  // npm needs a separate cache, because the steps clean it.
  const cache = join(folder, "cache");
  const directory = join(folder, "image");
  mkdirSync(directory);
  let workdir = "/";
  const env: Record<string, string> = { PATH: `${dirname(process.execPath)}:/usr/bin:/bin` };
  const commands: { entrypoint: readonly string[]; healthcheck: readonly string[] } = {
    entrypoint: [],
    healthcheck: [],
  };
  const here = (text: string): string => text.replaceAll(workdir, directory);
  for (const [name, rest] of instructionsOf(readFileSync(containerfile, "utf8"))) {
    switch (name) {
      case "WORKDIR":
        workdir = rest;
        break;
      case "ENV": {
        const [variable = ""] = rest.split("=", 1);
        const value = here(rest.slice(variable.length + 1));
        env[variable] = value.replaceAll(/\$(\w+)/g, (_, other: string) => env[other] ?? "");
        break;
      }
      case "COPY": {
        const files = rest.split(" ");
        expect(files.pop()).toBe("./");
        execFileSync("sh", ["-c", `cp ${files.join(" ")} ${directory}`], { cwd: context });
        break;
      }
      case "RUN":
        execFileSync("sh", ["-c", here(rest)], {
          cwd: directory,
          env: { ...env, HOME: folder, npm_config_cache: cache, ...registry() },
          stdio: ["ignore", "ignore", "inherit"],
        });
        break;
      case "ENTRYPOINT":
        commands.entrypoint = JSON.parse(rest);
        break;
      case "HEALTHCHECK":
        commands.healthcheck = JSON.parse(rest.slice(rest.indexOf("[")));
        break;
      default:
        expect(["FROM", "USER", "EXPOSE"]).toContain(name);
    }
  }
  return { folder: directory, env, ...commands };
}

/** Returns this machine's npm settings, such as the registry. */
function registry(): Readonly<Record<string, string>> {
  const names = ["registry", "cafile", "proxy", "https-proxy", "noproxy"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = execFileSync("npm", ["config", "get", name], { encoding: "utf8" }).trim();
      return value === "null" || value === "" ? [] : [[`npm_config_${name}`, value]];
    }),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // it listens on a port
  server.close();
  await once(server, "close");
  return port;
}

describe("the image", () => {
  let folder = "";
  let image: Image;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "sortition-image-"));
    image = build(folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const inImage = (
    [program = "", ...args]: readonly string[],
    env: Readonly<Record<string, string>>,
  ) => run(program, args, { cwd: image.folder, env: { ...image.env, ...env } });

  it("serves, and its health check finds the address in the configuration", async () => {
    await using services = await startServices();
    const source = { apiKey: { env: "KEY" }, baseUrl: services.env["FLAGS_URL"] };
    const file = join(folder, "relay.json");
    const environments = [{ name: "shop", dialect: "eppo", source }];
    const listen = await freePort();
    writeFileSync(file, JSON.stringify({ listen, admin: { listen: 0 }, environments }));
    const env = { SORTITION_RELAY_CONFIG: file, KEY };
    expect(await inImage(image.healthcheck, env)).toMatchObject({ exitCode: 1 });
    const [program = "", ...args] = image.entrypoint;
    const child = spawn(program, args, { cwd: image.folder, env: { ...image.env, ...env } });
    onTestFinished(() => void child.kill("SIGKILL"));
    child.stdout.resume();
    const isHealthy = async (): Promise<string> => (await inImage(image.healthcheck, env)).stdout;
    await expect.poll(isHealthy, { timeout: 20_000, interval: 500 }).toBe("ready\n");
    child.kill("SIGTERM");
    expect(await once(child, "close")).toEqual([0, null]);
  });

  it("contains the packages for all loggers, Redis and GrowthBook's remote evaluation", async () => {
    const sha256 = "a".repeat(64);
    const environment = {
      ...{ name: "shop", dialect: "growthbook", source: { clientKey: { env: "KEY" } } },
      redis: { url: { env: "REDIS_URL" }, namespace: "shop-production" },
      evaluate: true,
      tokens: [
        { name: "page", sha256, scopes: ["evaluate"] },
        { name: "sdk", sha256: "b".repeat(64), remoteEval: true },
      ],
      loggers: [
        { type: "ndjson", path: "/tmp/events.ndjson" },
        { type: "segment", writeKey: { env: "KEY" } },
        { type: "rudderstack", writeKey: { env: "KEY" }, dataPlaneUrl: "http://127.0.0.1:9" },
        { type: "snowplow", endpoint: "http://127.0.0.1:9", appId: "shop" },
      ],
    };
    const file = join(folder, "all.json");
    const content = { ticketKey: { env: "TICKETS" }, environments: [environment] };
    writeFileSync(file, JSON.stringify(content));
    const checked = await inImage([...image.entrypoint, "check", "--offline", file], { KEY });
    expect(checked).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it.skipIf(!hasDaemon)(
    "can be built by a container engine, and starts with a read-only file system",
    async () => {
      const tag = "sortition-relay:test";
      const build = ["build", "--file", containerfile, "--tag", tag, context];
      expect((await run("docker", build, { cwd: root })).exitCode).toBe(0);
      const start = ["run", "--rm", "--read-only", tag, "version"];
      expect((await run("docker", start, { cwd: root })).exitCode).toBe(0);
    },
  );
});
