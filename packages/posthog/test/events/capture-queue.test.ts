import { gunzipSync } from "node:zlib";
import { HttpStatusError, NetworkError } from "@sortition/core";
import { withAbortDeadline } from "@sortition/node/internal";
import { createFakeClock, PARTS, seededRandom } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { CaptureQueue, type CaptureSettings } from "../../src/events/capture-queue.js";
import { Emitter } from "../../src/events/emitter.js";
import type { CapturedEvent } from "../../src/events/event.js";
import type { ServerRequest } from "../../src/http/requester.js";

const SETTINGS: CaptureSettings = {
  host: "https://events.example",
  projectToken: "phc_token",
  flushAt: 20,
  flushIntervalMs: 5_000,
  maxBatchSize: 100,
  maxQueueSize: 10_000,
  maxQueueBytes: 32 * 1024 * 1024,
  retries: 3,
  retryDelayMs: 3_000,
  requestTimeoutMs: 10_000,
  isCompressed: false,
  isHistorical: false,
  isSent: true,
  userAgent: "test",
};

type Answer = number | "network" | "hang" | HttpStatusError;

interface Body {
  readonly api_key: string;
  readonly batch: readonly CapturedEvent[];
  readonly historical_migration?: boolean;
}

function setUp(settings: Partial<CaptureSettings> = {}) {
  const clock = createFakeClock();
  const bodies: Body[] = [];
  const requests: ServerRequest[] = [];
  const lines: string[] = [];
  const failed: unknown[] = [];
  let answer: (batch: readonly CapturedEvent[]) => Answer = () => 200;
  const line = (message: string): void => void lines.push(message);
  const diagnostics = { debug: line, info: line, warn: line, error: line };
  const queue = new CaptureQueue(
    { ...SETTINGS, ...settings },
    {
      ...{ clock, diagnostics, emitter: new Emitter(diagnostics) },
      options: { onError: (error, events) => void failed.push([error, events.length]) },
      async request(request) {
        requests.push(request);
        const isGzip = request.headers["content-encoding"] === "gzip";
        const sent = Buffer.from(request.body ?? "");
        const bytes = isGzip ? gunzipSync(sent) : sent;
        const body: Body = JSON.parse(bytes.toString());
        const given = answer(body.batch);
        if (given === "hang") {
          await withAbortDeadline({ ...request, clock }, () => new Promise(() => {}));
        }
        if (given === "network") throw new NetworkError("reset", null);
        if (given instanceof HttpStatusError) throw given;
        const status = typeof given === "number" ? given : 200;
        if (status < 300) bodies.push(body);
        return { status, header: () => null, bytes: new Uint8Array() };
      },
    },
  );
  let count = 0;
  const add = (times: number, text = ""): void => {
    for (let i = 0; i < times; i++) queue.add(eventOf(count++, text));
  };
  return {
    ...{ queue, clock, bodies, requests, lines, failed, add },
    answerWith(next: typeof answer) {
      answer = next;
    },
    delivered: () => bodies.flatMap(({ batch }) => batch.map(({ uuid }) => Number(uuid))),
  };
}

function eventOf(number: number, text: string): CapturedEvent {
  return {
    event: "e",
    distinct_id: "alice",
    properties: { text },
    timestamp: "2026-01-01T00:00:00.000Z",
    uuid: String(number),
  };
}

function expectConserved(queue: CaptureQueue): void {
  const { accepted, delivered, dropped, queued, inFlight } = queue.stats();
  const lost = Object.values(dropped).reduce((sum, it) => sum + it, 0);
  expect(delivered + lost + queued + inFlight).toBe(accepted);
}

describe("events are sent", () => {
  it("by a timer that does not keep Node.js alive", () => {
    const { clock, add } = setUp();
    add(1);
    expect(clock.pending).toMatchObject([{ holdsProcess: false }]);
  });

  it.each([false, true])(
    "only once, although bodies are prepared ahead (compressed: %s)",
    async (isCompressed) => {
      const { queue, bodies, add, delivered } = setUp({
        flushAt: 100_000,
        maxQueueSize: 900,
        isCompressed,
      });
      add(850);
      const flushing = queue.flush(1_000);
      add(100); // drops the oldest, although a body with them is prepared
      await flushing;
      await queue.flush(1_000);
      expect(new Set(delivered()).size).toBe(delivered().length);
      expect(bodies.length).toBeGreaterThan(8);
      expect(delivered().length + queue.stats().dropped.overflow).toBe(950);
      expectConserved(queue);
    },
  );

  it("in requests of limited size", async () => {
    const { queue, bodies, add } = setUp({ flushAt: 1_000 });
    add(5, "x".repeat(900_000));
    await queue.flush(1_000);
    expect(bodies.map(({ batch }) => batch.length)).toEqual([2, 2, 1]);
  });
});

describe("an event for which there is no room", () => {
  it("causes one warning when events are dropped, and one with their number when the queue is empty again", async () => {
    const { queue, add, lines } = setUp({ maxQueueSize: 3, flushAt: 1_000 });
    for (const overflow of ["first", "second"]) {
      add(5);
      add(2);
      expect(lines, overflow).toEqual(["events dropped: the queue is full"]);
      await queue.flush(1_000);
      expect(lines, overflow).toEqual([
        "events dropped: the queue is full",
        "no more events dropped",
      ]);
      lines.length = 0;
    }
    expect(queue.stats().dropped.overflow).toBe(8);
    add(3);
    await queue.flush(1_000);
    expect(lines).toEqual([]);
  });

  it("is dropped if the queue exceeds its size in bytes", () => {
    const { queue, add } = setUp({ maxQueueBytes: 100_000, flushAt: 1_000 });
    add(10, "x".repeat(20_000));
    expect(queue.stats().queuedBytes).toBeLessThanOrEqual(100_000);
    expect(queue.stats().dropped.overflow).toBe(8);
    add(1, "x".repeat(200_000));
    expect(queue.stats().dropped["too-large"]).toBe(1);
    expectConserved(queue);
  });
});

describe("drain", () => {
  it("sends waiting events, and those added afterwards with one warning", async () => {
    const { queue, add, delivered, lines } = setUp();
    for (const count of [3, 1, 2]) {
      add(count);
      await queue.drain(1_000);
      queue.reportReuse();
    }
    expect(delivered()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(queue.stats()).toMatchObject({ delivered: 6, dropped: { closed: 0 }, queued: 0 });
    expect(lines).toEqual([expect.stringContaining("used after shutdown()")]);
  });
});

describe("accepted = delivered + dropped + queued + in flight", () => {
  const histories = 1_000 / PARTS;

  it(`holds for ${histories} random histories, in which no event is delivered twice`, async () => {
    const seed = Number(process.env["SORTITION_SEED"] ?? 20_261_120);
    const random = seededRandom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    for (let history = 0; history < histories; history++) {
      const { queue, clock, add, answerWith, delivered } = setUp({
        maxQueueSize: pick([3, 30, 1_000]),
        maxBatchSize: pick([1, 4, 100]),
        maxQueueBytes: pick([3_000, 10_000_000]),
        retries: pick([0, 1]),
      });
      answerWith(() => pick<Answer>([200, 200, 200, 400, 413, 429, 500, "network", "hang"]));
      for (let step = 0; step < 8; step++) {
        const action = pick(["add", "add", "flush", "wait"]);
        if (action === "add") add(Math.floor(random() * 30));
        if (action === "flush") void queue.flush(1_000);
        if (action === "wait") await clock.advance(pick([0, 100, 5_000, 20_000]));
        expectConserved(queue);
      }
      const drained = queue.drain(pick([0, 100, 30_000]));
      await clock.advance(30_000);
      await drained;
      expectConserved(queue);
      const { queued, inFlight, delivered: count } = queue.stats();
      expect([queued, inFlight]).toEqual([0, 0]);
      expect(new Set(delivered()).size).toBe(count);
      expect(delivered()).toHaveLength(count);
    }
  });
});
