import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { TestFlags } from "@sortition/testing";
import { describe, expect, it } from "vitest";
import { startCommand } from "./command.js";
import { serverOf } from "./formats.js";
import { ENVIRONMENTS, later, VARIABLES } from "./start.js";

const { KEY } = VARIABLES;
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** Bounds catch a wrong design. Processes are read as Linux shows them. */
const isLinux = process.platform === "linux";

interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const ticks = Number(stat[11]) + Number(stat[12]);
  return {
    cpuMs: (ticks * 1_000) / TICKS_PER_SECOND,
    rssBytes: Number(stat[21]) * PAGE_BYTES,
  };
}

/** Makes a payload of a size that compresses as flags do. */
function fill(flags: TestFlags, sizeBytes: number): void {
  for (let i = 0; flags.payload().length < sizeBytes; i++) {
    flags
      .string(`flag-${i}`)
      .variations(`on-${i * 7_919}`, "off")
      .otherwise("off");
  }
}

/** Starts a relay in a process of its own, which is ready. */
async function startRelay(environment: object) {
  const folder = mkdtempSync(join(tmpdir(), "relay-"));
  later(async () => rmSync(folder, { recursive: true }));
  const file = join(folder, "relay.json");
  writeFileSync(
    file,
    JSON.stringify({ listen: 0, admin: { listen: 0 }, environments: [environment] }),
  );
  const relay = startCommand(["--config", file], { env: VARIABLES });
  const url = await relay.listening();
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(200);
  const [, admin = ""] = /"admin":"([^"]+)"/.exec(relay.stdout) ?? [];
  return { admin, pid: relay.pid, url };
}

/** The longest turn of a relay's event loop since the last such call, in milliseconds. */
async function longestTurnOf({ admin }: { readonly admin: string }): Promise<number> {
  const text = await (await fetch(`${admin}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1]) * 1_000;
}

/** A bare server of `node:http` in a process of its own, which answers everything with the same. */
async function startBare(body: Buffer) {
  const program = `
    const body = Buffer.from(process.argv[1], "base64");
    const headers = { "content-type": "application/json", "content-encoding": "gzip" };
    require("node:http").createServer((request, response) => {
      if (request.headers["if-none-match"] !== undefined) response.writeHead(304).end();
      else response.writeHead(200, { ...headers, "content-length": body.length }).end(body);
    }).listen(0, "127.0.0.1", function () { console.log(this.address().port); });`;
  const child = spawn(process.execPath, ["-e", program, body.toString("base64")]);
  later(async () => void child.kill("SIGKILL"));
  const [port] = await once(child.stdout, "data");
  return { pid: child.pid ?? 0, url: `http://127.0.0.1:${Number(`${port}`)}` };
}

/** Processor time of a server for one request, in microseconds. */
async function costOf(pid: number, url: string, headers: Record<string, string>, expected: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      get(url, { agent, headers }, (response) => {
        if (response.statusCode !== expected) reject(new Error(`status ${response.statusCode}`));
        response.resume().on("end", resolve);
      }).on("error", reject);
    });
  const round = async (count: number): Promise<void> => {
    let left = count;
    const worker = async (): Promise<void> => {
      while (left-- > 0) await ask();
    };
    await Promise.all(Array.from({ length: 20 }, worker));
  };
  await round(3_000);
  const before = usageOf(pid).cpuMs;
  await round(10_000);
  agent.destroy();
  return ((usageOf(pid).cpuMs - before) * 1_000) / 10_000;
}

it.skipIf(!isLinux)("a request costs a small multiple of what a bare server takes", async () => {
  const { flags, server } = await serverOf("GrowthBook");
  fill(flags, 130_000);
  const relay = await startRelay(ENVIRONMENTS.GrowthBook(server.url));
  const bare = await startBare(gzipSync(flags.payload()));
  const url = `${relay.url}/api/features/${KEY}`;
  const gzip = { "accept-encoding": "gzip" };
  const etag = (await fetch(url, { headers: gzip })).headers.get("etag") ?? "";
  const held = { ...gzip, "if-none-match": etag };
  const figures = {
    unchanged: await costOf(relay.pid, url, held, 304),
    unchangedBare: await costOf(bare.pid, bare.url, held, 304),
    whole: await costOf(relay.pid, url, gzip, 200),
    wholeBare: await costOf(bare.pid, bare.url, gzip, 200),
  };
  console.log("µs of processor time for a request:", figures);
  expect(figures.unchanged / figures.unchangedBare).toBeLessThan(5);
  expect(figures.whole / figures.wholeBare).toBeLessThan(6);
});

/** Opens a stream, and counts the bytes that arrive. */
async function openStream(
  port: number,
): Promise<{ readonly bytes: number; readonly socket: Socket }> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(`GET /sub/${KEY} HTTP/1.1\r\nhost: relay\r\n\r\n`);
  const stream = { bytes: 0, socket };
  socket.on("data", ({ length }: Buffer) => {
    stream.bytes += length;
  });
  return stream;
}

describe.skipIf(!isLinux)("5,000 streams", () => {
  it("cost little memory, and have a change of 65 KB within 10 s without a long turn", async () => {
    const { flags, server } = await serverOf("GrowthBook");
    const own = ENVIRONMENTS.GrowthBook(server.url) as { readonly source: object };
    const relay = await startRelay({ ...own, source: { ...own.source, pollIntervalMs: 1_000 } });
    const port = Number(new URL(relay.url).port);
    const before = usageOf(relay.pid).rssBytes;
    const streams: Awaited<ReturnType<typeof openStream>>[] = [];
    for (let i = 0; i < 50; i++) {
      streams.push(...(await Promise.all(Array.from({ length: 100 }, () => openStream(port)))));
    }
    later(async () => {
      for (const { socket } of streams) socket.destroy();
    });
    const behind = (sizeBytes: number) => streams.filter((it) => it.bytes < sizeBytes).length;
    await expect.poll(() => behind(flags.payload().length), { timeout: 20_000 }).toBe(0);
    const idleMb = Math.round((usageOf(relay.pid).rssBytes - before) / 1e6);
    await longestTurnOf(relay);
    fill(flags, 65_000);
    const startedAtMs = performance.now();
    const changed = flags.payload().length;
    await expect.poll(() => behind(changed), { timeout: 60_000, interval: 20 }).toBe(0);
    const tookMs = Math.round(performance.now() - startedAtMs);
    const turnMs = await longestTurnOf(relay);
    console.log({ changed, idleMb, tookMs, turnMs });
    expect(idleMb).toBeLessThan(200);
    expect(tookMs).toBeLessThan(10_000);
    expect(turnMs).toBeLessThan(250);
  });
});
