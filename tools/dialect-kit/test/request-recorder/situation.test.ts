import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { beforeAll, expect, it } from "vitest";
import { recordSituation, type Stage } from "../../src/request-recorder/index.js";
import { preloadWith } from "../../src/request-recorder/preload.js";

/** Runs a situation, and omits headers, which come from an HTTP library here. */
async function linesOf(play: (stage: Stage) => Promise<void>): Promise<readonly string[]> {
  const text = await recordSituation({ name: "a situation", play });
  return text.split("\n").filter((line) => line.startsWith("+") || line.startsWith("    body"));
}

/** Loads the modules that Node loads with the first request of `fetch`. */
beforeAll(() => preloadWith(() => fetch("http://a.test")));

it("records requests of fetch in the order of their timers, each at its time", async () => {
  const lines = await linesOf(async ({ advance, server, settles }) => {
    server.on("/a", 500, { body: "late", afterMs: 70 }, "reset");
    const text = async (): Promise<string> => (await fetch("https://a.test/a?b=c")).text();
    for (const ms of [300, 100, 200]) {
      setTimeout(() => settles(`after ${ms}`, text()), ms);
    }
    await advance(1_000);
  });
  expect(lines).toEqual([
    "+100 GET https://a.test/a?b=c -> 500",
    "+100 after 100 resolved ",
    "+200 GET https://a.test/a?b=c -> 200 after 70",
    "+270 after 200 resolved late",
    "+300 GET https://a.test/a?b=c -> reset",
    "+300 after 300 rejected TypeError: fetch failed",
  ]);
});

it("records failed connections, aborted requests, and streams", async () => {
  const lines = await linesOf(async ({ advance, note, server }) => {
    server.on("/stream", "stream");
    const get = (): http.ClientRequest =>
      http
        .get("http://a.test/stream", (response) => {
          response.on("data", (chunk: Buffer) => note("data", chunk.toString()));
          response.on("error", (error) => note("broken", error));
        })
        .on("error", (error) => note("failed", error));
    server.connections("refused");
    get();
    await advance(10);
    server.connections("accepted");
    get();
    await advance(10);
    server.streams[0]?.send("1", "number");
    await advance(10);
    server.streams[0]?.reset();
    await advance(10);
    const last = get();
    await advance(10);
    last.destroy();
  });
  expect(lines).toEqual([
    "+0 CONNECT http://a.test refused",
    "+0 failed Error ECONNREFUSED: connect ECONNREFUSED",
    "+10 GET http://a.test/stream -> stream",
    "+20 data event: number\\ndata: 1\\n\\n",
    "+30 failed Error ECONNRESET: read ECONNRESET",
    "+30 broken Error ECONNRESET: aborted",
    "+40 GET http://a.test/stream -> stream",
    "+50 broken Error ECONNRESET: aborted",
    "+50 gave up GET http://a.test/stream",
  ]);
});

it("waits for files and compression, which end when the system has done its work", async () => {
  const lines = await linesOf(async ({ advance, server, settles }) => {
    server.on("/upload", 200);
    const folder = await mkdtemp(join(tmpdir(), "recorder-"));
    const upload = async (): Promise<number> => {
      await writeFile(join(folder, "file"), "x".repeat(100_000));
      const body = await promisify(gzip)((await readFile(join(folder, "file"))).subarray(0, 3));
      const headers = { "content-encoding": "gzip" };
      const request = http.request("http://a.test/upload", { method: "POST", headers });
      request.end(body);
      const [response] = (await once(request, "response")) as [http.IncomingMessage];
      response.resume();
      await rm(folder, { recursive: true });
      return response.statusCode ?? 0;
    };
    settles("upload", upload());
    await advance(1_000);
  });
  expect(lines).toEqual([
    "+0 POST http://a.test/upload -> 200",
    "    body xxx",
    "+0 upload resolved 200",
  ]);
});

it("waits for each of several compressions and requests, even if the end of the situation is checked at the same time", async () => {
  const lines = await linesOf(async ({ advance, note, server, settles }) => {
    server.on("/a", 204);
    const work = async (): Promise<void> => {
      for (let i = 0; i < 10; i++) {
        await promisify(gzip)(Buffer.alloc(200_000, String(i)));
        await fetch(`http://a.test/a?${i}`);
      }
    };
    // After it has ended, the next check of whether the situation continues runs at the same time.
    await advance(1);
    settles("work", work());
    setTimeout(() => note("later"), 10);
    await advance(10);
  });
  expect(lines).toEqual([
    ...Array.from({ length: 10 }, (_, i) => `+1 GET http://a.test/a?${i} -> 204`),
    ...["+1 work resolved", "+11 later"],
  ]);
});

it("records the headers of a request once, and later only differences", async () => {
  const text = await recordSituation({
    name: "a situation",
    async play({ advance, server }) {
      server.on("/a", 204);
      const id = crypto.randomUUID();
      for (const headers of [{ a: id, b: "2" }, { a: id, b: "3" }, { b: "3" }]) {
        http.get("http://a.test/a", { headers });
        await advance(1);
      }
    },
  });
  expect(text).toBe(`+0 GET http://a.test/a -> 204
    a: <uuid 1>
    b: 2
+1 GET http://a.test/a -> 204
    b: 3
+2 GET http://a.test/a -> 204
    without a
`);
});

it("records what happens after the end, and marks it", async () => {
  const lines = await linesOf(async ({ advance, note }) => {
    const timer = setInterval(() => note("still here"), 3_000_000);
    await advance(1);
    timer.unref();
  });
  expect(lines).toEqual(["+3000000 still here", "+3600001 this happened after the end"]);
});

it("fails a situation that waits for time without advancing it", async () => {
  const recording = linesOf(async ({ advance }) => {
    await advance(5);
    await new Promise((resolve) => void setTimeout(resolve, 10));
  });
  await expect(recording).rejects.toThrow(/^at \+5 the situation awaits something that needs time/);
});
