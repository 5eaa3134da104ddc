import { readFileSync } from "node:fs";
import { createServer, request, type ServerResponse } from "node:http";
import { expect, it } from "vitest";
import { isLinux, startMeasured } from "./measured-relay.js";
import { later, VARIABLES } from "./start.js";

const BODIES = 100;
const BODY_BYTES = 19 * 1_024 * 1_024;
const CHUNK = Buffer.alloc(64 * 1_024, "x");
/** Limit of the manifest in docs/relay. */
const LIMIT_MIB = 512;

/** Sends a body of 19 MB as fast as the relay takes it, and returns the status. */
function post(url: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { "content-length": BODY_BYTES };
    const asking = request(url, { method: "POST", headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asking.on("error", () => resolve(0));
    let left = BODY_BYTES;
    const write = (): void => {
      while (left > 0) {
        left -= CHUNK.length;
        if (!asking.write(CHUNK) && left > 0) return void asking.once("drain", write);
      }
      asking.end();
    };
    write();
  });
}

it.skipIf(!isLinux).each(["/flags/?v=2", "/decide/?v=3", "/batch/"])(
  "100 bodies of 19 MB at the same time, posted to %s, do not fill the memory",
  async (path) => {
    // A slow server, which begins to read when all requests have been forwarded.
    const forwarded: (() => void)[] = [];
    const bytes: number[] = [];
    const server = createServer((incoming, outgoing: ServerResponse) => {
      if (incoming.url?.startsWith("/flags/definitions")) return outgoing.end('{"flags":[]}');
      return forwarded.push(() => {
        let size = 0;
        incoming.on("data", ({ length }: Buffer) => {
          size += length;
        });
        incoming.on("end", () => {
          bytes.push(size);
          outgoing.end("{}");
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    later(async () => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as { readonly port: number }; // it listens on a port
    const source = {
      ...{ projectApiKey: VARIABLES.PROJECT, secretKey: { env: "KEY" } },
      host: `http://127.0.0.1:${port}`,
    };
    const relay = await startMeasured({ name: "shop", dialect: "posthog", source });
    const answers = Array.from({ length: BODIES }, () => post(`${relay.url}${path}`));
    await expect.poll(() => forwarded.length, { timeout: 30_000 }).toBe(BODIES);
    for (const read of forwarded) read();
    expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
    expect(bytes).toEqual(Array.from({ length: BODIES }, () => BODY_BYTES));
    const status = readFileSync(`/proc/${relay.pid}/status`, "utf8");
    const peakMib = Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1_024);
    console.log({ path, peakMib });
    expect(peakMib).toBeLessThan(LIMIT_MIB);
  },
  180_000,
);
