import { gunzipSync } from "node:zlib";
import { HttpStatusError, NetworkError } from "@sortition/core";
import { createFakeClock, seededRandom } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { CaptureQueue, type CaptureSettings } from "../../src/events/capture-queue.js";
import type { CapturedEvent } from "../../src/events/event.js";
import type { CaptureRequest } from "../../src/events/send.js";

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
  const requests: CaptureRequest[] = [];
  const lines: string[] = [];
  const failed: unknown[] = [];
  let answer: (batch: readonly CapturedEvent[]) => Answer = () => 200;
  const line = (message: string): void => void lines.push(message);
  const queue = new CaptureQueue(
    { ...SETTINGS, ...settings },
    {
      clock,
      diagnostics: { debug: line, info: line, warn: line, error: line },
      async send(request) {
        requests.push(request);
        const isGzip = request.headers["content-encoding"] === "gzip";
        const bytes = isGzip ? gunzipSync(request.body) : Buffer.from(request.body);
        const body: Body = JSON.parse(bytes.toString());
        const given = answer(body.batch);
        if (given === "hang") {
          await new Promise((_, reject) => {
            request.signal.addEventListener("abort", () => reject(request.signal.reason));
          });
        }
        if (given === "network") throw new NetworkError("reset", null);
        if (given instanceof HttpStatusError) throw given;
        if (typeof given === "number" && given >= 300) throw new HttpStatusError(given, null);
        bodies.push(body);
      },
      onFailed: (error, events) => void failed.push([error, events().length]),
      onDelivered() {},
      onFlushed() {},
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

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

describe("events are sent", () => {
  it("when enough of them are waiting", async () => {
    const { clock, add, delivered } = setUp();
    add(19);
    await clock.advance(0);
    expect(delivered()).toEqual([]);
    add(1);
    await clock.advance(0);
    expect(delivered()).toEqual(numbers(20));
  });

  it("after a while", async () => {
    const { clock, add, delivered } = setUp();
    add(1);
    await clock.advance(4_999);
    expect(delivered()).toEqual([]);
    await clock.advance(1);
    expect(delivered()).toEqual([0]);
  });

  it("by a timer that does not keep Node.js alive", () => {
    const { clock, add } = setUp();
    add(1);
    expect(clock.pending).toMatchObject([{ holdsProcess: false }]);
  });

  it("and later ones wait for more events or for the interval", async () => {
    const { answerWith, add, bodies, clock } = setUp();
    answerWith(() => {
      if (bodies.length === 0) add(5);
      return 200;
    });
    add(20);
    await clock.advance(0);
    const sizes = () => bodies.map(({ batch }) => batch.length);
    expect(sizes()).toEqual([20]);
    add(14);
    await clock.advance(0);
    expect(sizes()).toEqual([20]);
    await clock.advance(5_000);
    expect(sizes()).toEqual([20, 19]);
  });

  it("by a flush, in batches, in order", async () => {
    const { queue, bodies, add, delivered } = setUp({ flushAt: 1_000 });
    add(250);
    expect(await queue.flush(1_000)).toBeNull();
    expect(bodies.map(({ batch }) => batch.length)).toEqual([100, 100, 50]);
    expect(delivered()).toEqual(numbers(250));
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

  it("compressed and with the token, as the vendor's server expects", async () => {
    const { queue, requests, bodies, add } = setUp({ isCompressed: true, isHistorical: true });
    add(1);
    await queue.flush(1_000);
    expect(requests[0]).toMatchObject({
      url: new URL("https://events.example/batch/"),
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
    });
    expect(bodies[0]).toMatchObject({ api_key: "phc_token", historical_migration: true });
  });
});

describe("an event that cannot be delivered", () => {
  it("is retried after a delay, and then waits for the next flush", async () => {
    const { queue, clock, requests, add, answerWith, delivered } = setUp();
    answerWith(() => 500);
    add(3);
    const flushed = queue.flush(60_000);
    await clock.advance(9_000);
    expect(await flushed).toMatchObject({ httpStatus: 500 });
    expect(requests).toHaveLength(4);
    expect(queue.stats()).toMatchObject({ queued: 3, inFlight: 0, failing: true });
    answerWith(() => 200);
    await clock.advance(5_000);
    expect(delivered()).toEqual([0, 1, 2]);
  });

  it.each(["network", 408, 429, 503] as const)("stays in the queue after %s", async (answer) => {
    const { queue, clock, add, answerWith } = setUp({ retries: 0 });
    answerWith(() => answer);
    add(3);
    await queue.flush(1_000);
    await clock.advance(0);
    expect(queue.stats()).toMatchObject({ queued: 3, delivered: 0 });
  });

  it("is dropped when the server rejects it", async () => {
    const { queue, failed, add, answerWith } = setUp();
    answerWith(() => 400);
    add(3);
    expect(await queue.flush(1_000)).toMatchObject({ httpStatus: 400 });
    expect(queue.stats().dropped.refused).toBe(3);
    expect(failed).toHaveLength(1);
  });

  it("is isolated by halving batches that are too large", async () => {
    const { queue, add, answerWith, delivered } = setUp({ flushAt: 1_000 });
    answerWith((batch) => (batch.some(({ uuid }) => uuid === "5") ? 413 : 200));
    add(16);
    expect(await queue.flush(1_000)).toMatchObject({ httpStatus: 413 });
    expect(delivered()).toEqual(numbers(5));
    expect(await queue.flush(1_000)).toBeNull();
    expect(delivered()).toEqual(numbers(16).filter((it) => it !== 5));
    expect(queue.stats().dropped["too-large"]).toBe(1);
  });

  it("waits as long as the server requests, but at most a minute", async () => {
    const { queue, clock, requests, add, answerWith } = setUp({ retries: 1 });
    answerWith(() => new HttpStatusError(429, 20_000));
    add(1);
    void queue.flush(60_000);
    await clock.advance(19_999);
    expect(requests).toHaveLength(1);
    await clock.advance(1);
    expect(requests).toHaveLength(2);
  });

  it("is dropped if it is the oldest in a full queue", async () => {
    const { queue, add, delivered } = setUp({ maxQueueSize: 3, flushAt: 1_000 });
    add(5);
    expect(queue.stats().dropped.overflow).toBe(2);
    await queue.flush(1_000);
    expect(delivered()).toEqual([2, 3, 4]);
  });

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

  it("is also dropped if the queue exceeds its size in bytes", () => {
    const { queue, add } = setUp({ maxQueueBytes: 100_000, flushAt: 1_000 });
    add(10, "x".repeat(20_000));
    expect(queue.stats().queuedBytes).toBeLessThanOrEqual(100_000);
    expect(queue.stats().dropped.overflow).toBe(8);
    add(1, "x".repeat(200_000));
    expect(queue.stats().dropped["too-large"]).toBe(1);
    expectConserved(queue);
  });

  it("is reported once when failures begin and once when they end", async () => {
    const { queue, clock, lines, add, answerWith } = setUp({ retries: 1 });
    answerWith(() => 500);
    add(1);
    void queue.flush(60_000);
    await clock.advance(20_000);
    answerWith(() => 200);
    await clock.advance(20_000);
    expect(lines).toEqual(["delivery fails", "delivery works again"]);
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

  it("ends at its deadline and aborts a hanging request", async () => {
    const { queue, clock, requests, add, answerWith } = setUp();
    answerWith(() => "hang");
    add(3);
    const drained = queue.drain(500);
    await clock.advance(500);
    await drained;
    expect(requests[0]?.signal.aborted).toBe(true);
    expect(queue.stats()).toMatchObject({ dropped: { closed: 3 }, queued: 0, inFlight: 0 });
    expect(clock.pending).toEqual([]);
  });
});

describe("accepted = delivered + dropped + queued + in flight", () => {
  it("holds for a thousand random histories, in which no event is delivered twice", async () => {
    const seed = Number(process.env["SORTITION_SEED"] ?? 20_261_120);
    const random = seededRandom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    for (let history = 0; history < 1_000; history++) {
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
