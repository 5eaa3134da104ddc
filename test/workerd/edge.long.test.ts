import { join } from "node:path";
import { type Responder, startTestServer, type TestServer } from "@sortition/test-kit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { flagsWith } from "../../packages/edge/test/support/vendor.ts";
import { type Collector, startCollector } from "./collector.ts";
import { type RunningWorker, startWorker } from "./start-worker.ts";

const answer: Responder = ({ headers }) =>
  headers["if-none-match"] === '"1"'
    ? { kind: "answer", status: 304 }
    : { kind: "answer", headers: { etag: '"1"' }, body: flagsWith("served") };

let vendor: TestServer;
let collector: Collector;
let worker: RunningWorker;

beforeAll(async () => {
  vendor = await startTestServer(answer);
  collector = await startCollector(50);
  const program = join(import.meta.dirname, "programs/edge-worker.mjs");
  worker = await startWorker(program, { VENDOR: vendor.url, COLLECTOR: collector.url });
});

afterAll(async () => {
  await worker?.close();
  await collector?.close();
  await vendor?.close();
});

/** Requests the value for one subject. Resolves with `null` if the caller disconnects first. */
async function ask(subject: string, options = "", hangUpAfterMs?: number): Promise<string | null> {
  const signal = hangUpAfterMs === undefined ? null : AbortSignal.timeout(hangUpAfterMs);
  const url = `${worker.url}/?flag=checkout&subject=${subject}${options}`;
  try {
    return await (await fetch(url, { signal })).text();
  } catch (error) {
    if (signal?.aborted) return null;
    throw error;
  }
}

interface Status {
  readonly vendorRequests: number;
  readonly exposures: {
    readonly accepted: number;
    readonly delivered: number;
    readonly underWay: number;
  };
}

async function status(options = ""): Promise<Status> {
  return (await (await fetch(`${worker.url}/status?${options}`)).json()) as Status;
}

/** Waits until the Worker has sent all exposures, and returns its status. */
async function sentAll(options = ""): Promise<Status> {
  await expect.poll(async () => (await status(options)).exposures.underWay).toBe(0);
  return status(options);
}

describe("a Worker in workerd", () => {
  it.each([
    { how: "one after another", atATime: 1, options: "" },
    { how: "50 at a time", atATime: 50, options: "" },
    { how: "50 at a time, with a client created at module scope", atATime: 50, options: "&module" },
    { how: "50 at a time, with flush", atATime: 50, options: "&flush" },
  ])("delivers each exposure of 500 requests once, $how", async ({ atATime, how, options }) => {
    const before = (await sentAll(options)).exposures;
    const idsBefore = collector.ids.length;
    const values: (string | null)[] = [];
    for (let i = 0; i < 500; i += atATime) {
      const subjects = Array.from({ length: atATime }, (_, at) => `${how}-${i + at}`);
      values.push(
        ...(await Promise.all(subjects.map((it) => ask(encodeURIComponent(it), options)))),
      );
    }
    expect(values).toEqual(Array(500).fill("served"));
    const { exposures } = await sentAll(options);
    expect(exposures.accepted - before.accepted).toBe(500);
    expect(exposures.delivered - before.delivered).toBe(500);
    const ids = collector.ids.slice(idsBefore);
    expect([ids.length, new Set(ids).size]).toEqual([500, 500]);
  });

  it("delivers each exposure once although every fifth caller disconnects", async () => {
    const before = (await sentAll()).exposures;
    const idsBefore = collector.ids.length;
    for (let i = 0; i < 500; i += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          at % 5 === 0 ? ask(`hung-up-${i + at}`, "&slow=1000", 30) : ask(`stayed-${i + at}`),
        ),
      );
    }
    const { exposures } = await sentAll();
    const accepted = exposures.accepted - before.accepted;
    expect(accepted).toBeGreaterThanOrEqual(400);
    expect(exposures.delivered - before.delivered).toBe(accepted);
    const ids = collector.ids.slice(idsBefore);
    expect([ids.length, new Set(ids).size]).toEqual([accepted, accepted]);
  });

  it.each([
    { what: "hangs", reply: { kind: "hang" } },
    { what: "drips", reply: { kind: "drip", everyMs: 50 } },
    { what: "rejects the key", reply: { kind: "answer", status: 401 } },
    { what: "sends garbage", reply: { kind: "answer", body: "<html>" } },
  ] as const)(
    "responds if the vendor $what and the first caller disconnects, and retries later",
    async ({ reply, what }) => {
      const client = `&client=${encodeURIComponent(what)}`;
      vendor.respond(reply);
      try {
        await ask("gives-up", client, 50);
        expect(await ask("waits", client)).toBe("default");
      } finally {
        vendor.respond(answer);
      }
      // After a failure, the client pauses for a second.
      await expect.poll(() => ask("comes-later", client)).toBe("served");
    },
  );

  it("sends a request to the vendor whenever its configuration is stale", async () => {
    expect((await status()).vendorRequests).toBeLessThanOrEqual(3);
  });
});
