import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { createClient } from "@sortition/node";
import { createFakeClock, isInPart } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { launchdarkly } from "../../src/dialect.js";
import { launchdarklySource } from "../../src/source.js";

/** Flags whose payload has about this size. */
function contentOf(sizeBytes: number): object {
  const flags: Record<string, object> = {};
  for (let i = 0; i * 1_000 < sizeBytes; i++) {
    const variations = ["on", "x".repeat(900)];
    flags[`flag-${i}`] = { version: 1, on: false, offVariation: 0, variations };
  }
  return { flags, segments: {} };
}

const putOf = (content: object): string =>
  `event: put\ndata: ${JSON.stringify({ path: "/", data: content })}\n\n`;

interface SlowStart {
  readonly stream: string;
  readonly sizeBytes?: number;
  /** Answers the request for the stream. */
  begin(response: ServerResponse, put: string): void;
  /** Sends what is left. */
  finish(response: ServerResponse, put: string): void;
}

const open = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { "content-type": "text/event-stream" });

const SLOW_STARTS: readonly SlowStart[] = [
  {
    stream: "a silent stream",
    begin: (response) => open(response).flushHeaders(),
    finish: (response, put) => response.write(put),
  },
  {
    stream: "a stream of heartbeats",
    begin: (response) => open(response).write(":\n\n"),
    finish: (response, put) => response.write(put),
  },
  {
    stream: "half a put",
    begin: (response, put) => open(response).write(put.slice(0, put.length / 2)),
    finish: (response, put) => response.write(put.slice(put.length / 2)),
  },
  {
    stream: "a proxy that buffers the stream",
    begin: () => {},
    finish: (response, put) => open(response).write(put),
  },
  {
    stream: "a payload of 20 MB on a slow line",
    sizeBytes: 20_000_000,
    begin: (response, put) => open(response).write(put.slice(0, 64_000)),
    finish: (response, put) => response.write(put.slice(64_000)),
  },
];

describe("a start of launchdarklySource", () => {
  it.each(SLOW_STARTS.filter((_, i) => isInPart(i, 2)))(
    "polls after a second of $stream, and the stream takes over when it delivers",
    async ({ begin, finish, sizeBytes = 1_000 }) => {
      const content = contentOf(sizeBytes);
      const put = putOf(content);
      const streams: ServerResponse[] = [];
      const server = createServer((request, response) => {
        if (request.url === "/all") {
          streams.push(response);
          begin(response, put);
        } else {
          response.writeHead(200, { "content-encoding": "gzip" });
          response.end(gzipSync(JSON.stringify(content)));
        }
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      // The deadlines of the start and of requests do not pass by themselves.
      const clock = createFakeClock();
      const baseUri = `http://127.0.0.1:${port}`;
      const client = createClient({
        dialect: launchdarkly(),
        source: launchdarklySource({ sdkKey: "sdk-key", baseUri, clock }),
        assignmentLogger: null,
        diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
        clock,
      });
      try {
        const ready = client.waitForInitialization();
        await expect.poll(() => streams.length).toBe(1);
        await clock.advance(1_000);
        expect(await ready).toMatchObject({ state: "ready" });
        expect(client.getStringAssignment("flag-0", "alice", {}, "none")).toBe("on");
        expect(client.status.stream).toMatchObject({ isUp: false, lost: 0 });
        finish(streams[0] as ServerResponse, put);
        await expect.poll(() => client.status.stream?.isUp).toBe(true);
        expect(streams).toHaveLength(1);
      } finally {
        await client.close({ timeoutMs: 0 });
        server.closeAllConnections();
        server.close();
      }
    },
    60_000,
  );
});
