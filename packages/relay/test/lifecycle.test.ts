import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { ifWhole, isInPart, startCollector } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { describe, expect, it } from "vitest";
import { type Command, type CommandOptions, startCommand } from "./command.js";
import { serverOf } from "./formats.js";
import { askOne, evaluating } from "./ofrep/ground.js";
import { ENVIRONMENTS, later, VARIABLES } from "./start.js";

const { KEY } = VARIABLES;
const AS_PROCESS_1 = "unshare --user --map-root-user --pid --fork --kill-child --mount-proc";
const canUnshare = spawnSync(AS_PROCESS_1, ["true"], { shell: true }).status === 0;

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), "relay-"));
  later(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Returns all files below a folder. */
function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((it) => it.isFile())
    .map(({ name, parentPath }) => join(parentPath, name));
}

function startRelay(content: object, options: CommandOptions = {}): Command {
  const file = join(folderOf(), "relay.json");
  writeFileSync(file, JSON.stringify({ listen: 0, admin: { listen: 0 }, ...content }));
  return startCommand(["--config", file], { env: VARIABLES, ...options });
}

/**
 * Sends requests one after another over keep-alive connections, and collects their statuses and error codes. As behind a load
 * balancer, the requests end soon after the relay reports that it is not ready.
 */
function startLoad(
  base: string,
  path: string,
): { readonly outcomes: ReadonlyMap<string, number>; readonly ended: Promise<void> } {
  const outcomes = new Map<string, number>();
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const ask = (url: string): Promise<string> =>
    new Promise((resolve) => {
      const asking = get(url, { agent }, (response) => {
        response.resume().on("end", () => resolve(`${response.statusCode}`));
        response.on("error", ({ message }) => resolve(message));
      });
      asking.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  let isReady = true;
  const worker = async (): Promise<void> => {
    while (isReady) {
      const outcome = await ask(`${base}${path}`);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
  };
  const balance = async (): Promise<void> => {
    const workers = Array.from({ length: 20 }, worker);
    let refusals = 0;
    const refusalsSoFar = async (): Promise<number> => {
      if ((await ask(`${base}/readyz`)) === "503") refusals += 1;
      return refusals;
    };
    await expect.poll(refusalsSoFar, { interval: 200 }).toBe(4);
    isReady = false;
    await Promise.all(workers);
    agent.destroy();
  };
  return { outcomes, ended: balance() };
}

describe("SIGTERM", () => {
  it("breaks no request under load, and the process exits with 0", async () => {
    const { server } = await serverOf("GrowthBook");
    const relay = startRelay({ environments: [ENVIRONMENTS.GrowthBook(server.url)] });
    const url = await relay.listening();
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
    const { ended, outcomes } = startLoad(url, `/api/features/${KEY}`);
    await expect.poll(() => outcomes.get("200")).toBeGreaterThan(200);
    relay.kill("SIGTERM");
    expect(await relay.ended).toBe(0);
    await ended;
    expect([...outcomes.keys()]).toEqual(["200"]);
  });

  it("makes the relay not ready at once, and ends streams with a retry time", async () => {
    const { server } = await serverOf("GrowthBook");
    const relay = startRelay({ environments: [ENVIRONMENTS.GrowthBook(server.url)] });
    const url = await relay.listening();
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
    const streams = await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/sub/${KEY}`)));
    relay.kill("SIGTERM");
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
    // A reader that reconnects to the same replica gets the same message.
    streams.push(await fetch(`${url}/sub/${KEY}`));
    const texts = await Promise.all(streams.map((it) => it.text()));
    const waits = texts.map((text) => Number(/retry: (\d+)\n\n$/.exec(text)?.[1]));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...waits)).toBeLessThan(10_000);
    expect(new Set(waits).size).toBeGreaterThan(10);
    expect(await relay.ended).toBe(0);
  });

  ifWhole(it.each(["SIGTERM", "SIGINT"] as const))(
    "followed by %s, as from a process group and its parent, has no further effect",
    async (second) => {
      const { server } = await serverOf("GrowthBook");
      const relay = startRelay({ environments: [ENVIRONMENTS.GrowthBook(server.url)] });
      const url = await relay.listening();
      await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
      relay.kill(second);
      await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
      relay.kill(second);
      expect((await fetch(`${url}/api/features/${KEY}`)).status).toBe(200);
      expect(await relay.ended).toBe(0);
    },
  );

  ifWhole(it)(
    "ends the relay while a client keeps the connection of a rejected CONNECT open",
    async () => {
      const request = "CONNECT other.example:443 HTTP/1.1\r\nhost: relay\r\n\r\n";
      const { server } = await serverOf("GrowthBook");
      const relay = startRelay({ environments: [ENVIRONMENTS.GrowthBook(server.url)] });
      const { port } = new URL(await relay.listening());
      const socket = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
      later(async () => void socket.destroy());
      socket.on("error", () => {});
      socket.resume().write(request);
      await once(socket, "end");
      relay.kill("SIGTERM");
      expect(await relay.ended).toBe(0);
    },
  );

  ifWhole(it)("ends the relay while the vendor hangs", async () => {
    const server = await startTestServer({ kind: "hang" });
    later(() => server.close());
    const relay = startRelay({ environments: [ENVIRONMENTS.Eppo(server.url)] });
    await relay.listening();
    relay.kill("SIGTERM");
    expect(await relay.ended).toBe(0);
  });

  ifWhole(it)(
    "ends the relay with 3 if the service of a logger hangs, so that an exposure may be lost",
    async () => {
      const collector = await startCollector();
      later(() => collector.close());
      collector.answer({ kind: "hang" });
      const loggers = [{ type: "segment", writeKey: { env: "KEY" }, host: collector.url }];
      const environments = [evaluating("eppo", PAYLOADS.eppo, { loggers })];
      const relay = startRelay({ drainMs: 0, environments });
      const url = await relay.listening();
      await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
      expect((await askOne(url, "boolean", { targetingKey: "a" })).status).toBe(200);
      await expect.poll(() => collector.requests.length).toBe(1);
      relay.kill("SIGTERM");
      expect(await relay.ended).toBe(3);
    },
  );

  ifWhole(it.skipIf(!canUnshare))("ends process 1 of a container", async () => {
    const { server } = await serverOf("Eppo");
    const content = { environments: [ENVIRONMENTS.Eppo(server.url)] };
    const relay = startRelay(content, { through: AS_PROCESS_1.split(" ") });
    await relay.listening();
    relay.kill("SIGTERM");
    expect(await relay.ended).toBe(0);
  });
});

/** Opens connections one after another until one is refused. Returns how the others ended. */
async function callUntilRefused(port: number): Promise<readonly string[]> {
  const ends: string[] = [];
  for (;;) {
    const end = await new Promise<string>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      let text = "";
      const finish = (other: string): void =>
        resolve(text.startsWith("HTTP/1.1 200") ? "answered" : other);
      socket.on("connect", () => {
        socket.write("GET /livez HTTP/1.1\r\nhost: relay\r\nconnection: close\r\n\r\n");
      });
      socket.setEncoding("utf8").on("data", (data) => {
        text += data;
      });
      socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => finish(code));
      socket.on("close", () => finish("closed"));
    });
    if (end === "ECONNREFUSED") return ends;
    ends.push(end);
  }
}

ifWhole(it)(
  "a relay that ends resets no connection of clients that never stop calling",
  async () => {
    const { server } = await serverOf("GrowthBook");
    const relay = startRelay({
      drainMs: 1_000,
      environments: [ENVIRONMENTS.GrowthBook(server.url)],
    });
    const url = await relay.listening();
    const port = Number(new URL(url).port);
    const calling = Array.from({ length: 30 }, () => callUntilRefused(port));
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
    relay.kill("SIGTERM");
    const ends = (await Promise.all(calling)).flat();
    expect(new Set(ends)).toEqual(new Set(["answered"]));
    expect(await relay.ended).toBe(0);
  },
);

describe("SIGHUP", () => {
  it("reads the file again, and changes nothing if the file has problems", async () => {
    const { server } = await serverOf("GrowthBook");
    const shop = ENVIRONMENTS.GrowthBook(server.url);
    const file = join(folderOf(), "relay.json");
    const write = (...environments: readonly object[]): void =>
      writeFileSync(file, JSON.stringify({ listen: 0, admin: { listen: 0 }, environments }));
    write(shop);
    const relay = startCommand(["--config", file], { env: VARIABLES });
    const url = await relay.listening();
    write({ ...shop, tokns: [] }, { ...shop, name: "second", dialect: "epo" });
    relay.kill("SIGHUP");
    await expect.poll(() => relay.stdout.match(/"reload failed"/g)).toHaveLength(2);
    expect(relay.stdout).toContain('"reason":"environments[0].tokns: unknown option');
    const statusOf = async (name: string): Promise<number> =>
      (await fetch(`${url}/${name}/api/features/${KEY}`)).status;
    expect([await statusOf("growthbook"), await statusOf("second")]).toEqual([200, 401]);
    write(shop, { ...shop, name: "second" });
    relay.kill("SIGHUP");
    await expect.poll(() => statusOf("second")).toBe(200);
    await expect.poll(() => relay.stdout).toContain('"added":["second"]');
    expect(relay.stdout).toContain('"unchanged":["growthbook"]');
  });
});

ifWhole(describe)("a restart during an outage of the vendor", () => {
  it("serves the copy on disk, and reports its age", async () => {
    const { flags, server } = await serverOf("Eppo");
    const directory = join(folderOf(), "copies");
    const content = {
      environments: [{ ...ENVIRONMENTS.Eppo(server.url), diskCache: { directory } }],
    };
    const first = startRelay(content);
    const url = await first.listening();
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
    const written = (): readonly string[] =>
      filesOf(directory).filter((it) => !it.endsWith(".tmp"));
    await expect.poll(written).toHaveLength(1);
    first.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    for (const file of filesOf(directory)) expect(statSync(file).mode & 0o777).toBe(0o600);

    await server.close();
    const second = startRelay(content);
    const again = await second.listening();
    await expect.poll(async () => (await fetch(`${again}/readyz`)).status).toBe(200);
    const answer = await fetch(`${again}/flag-config/v1/config?apiKey=${KEY}`);
    expect([answer.status, await answer.text()]).toEqual([200, flags.payload()]);
    expect(Number(answer.headers.get("age"))).toBeGreaterThanOrEqual(1);
  });
});

it.each(["listen", "admin"].filter((_, i) => isInPart(i)))(
  "a start with a port in use prints one line and exits with 2: %s",
  async (which) => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    later(async () => void other.close());
    const { port } = other.address() as { readonly port: number }; // it listens on a port
    const vendor = await startTestServer();
    later(() => vendor.close());
    const relay = startRelay({
      environments: [ENVIRONMENTS.Eppo(vendor.url)],
      ...(which === "listen" ? { listen: port } : { admin: { listen: port } }),
    });
    expect(await relay.ended).toBe(2);
    const option = which === "listen" ? "listen" : "admin.listen";
    expect(relay.stderr).toBe(
      `error: ${option}: cannot listen on 127.0.0.1, port ${port}: the port is in use: stop the other process, or choose another port\n`,
    );
    expect(vendor.requests).toEqual([]);
  },
);
