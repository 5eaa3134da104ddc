import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, get } from "node:http";
import { connect, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import type { TestFlags } from "@sortition/testing";
import { describe, expect, it } from "vitest";
import { serverOf } from "./formats.js";
import { isLinux, longestTurnOf, startMeasured, usageOf } from "./measured-relay.js";
import { ENVIRONMENTS, later, VARIABLES } from "./start.js";

const { KEY } = VARIABLES;
/** Fills a payload up to a size with text that compresses like flags. */
function fill(flags: TestFlags, sizeBytes: number): void {
  for (let i = 0; flags.payload().length < sizeBytes; i++) {
    flags
      .string(`flag-${i}`)
      .variations(`on-${i * 7_919}`, "off")
      .otherwise("off");
  }
}

/** Starts a bare `node:http` server in its own process, which sends the same response to every request. */
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

/** Measures a server's CPU time for one request, in microseconds. */
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

it.skipIf(!isLinux)(
  "a request takes a small multiple of the CPU time of a bare server",
  async () => {
    const { flags, server } = await serverOf("GrowthBook");
    fill(flags, 130_000);
    const relay = await startMeasured(ENVIRONMENTS.GrowthBook(server.url));
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
    console.log("µs of CPU time per request:", figures);
    expect(figures.unchanged / figures.unchangedBare).toBeLessThan(5);
    expect(figures.whole / figures.wholeBare).toBeLessThan(6);
  },
);

/** Opens a stream, and counts the received bytes. */
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
  it("take little memory, and receive a change of 65 KB within 10 s without blocking the event loop", async () => {
    const { flags, server } = await serverOf("GrowthBook");
    const own = ENVIRONMENTS.GrowthBook(server.url) as { readonly source: object };
    const relay = await startMeasured({ ...own, source: { ...own.source, pollIntervalMs: 1_000 } });
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
