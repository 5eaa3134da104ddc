/// <reference path="../packages/redis/src/lua/lua.d.ts" />
import { type Collector, isWhole, startCollector } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type EdgeExposure, postTo, type SendResult } from "../packages/edge/src/index.ts";
import { init } from "../packages/eppo/src/index.ts";
import { PostHog } from "../packages/posthog/src/index.ts";
import { harness as rudderstack } from "../packages/rudderstack/test/support/harness.ts";
import { harness as segment } from "../packages/segment/test/support/harness.ts";
import { harness as snowplow } from "../packages/snowplow/test/support/harness.ts";
import { assignment } from "../tools/test-kit/src/logger-contract/events.ts";

const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };
const SUBJECTS = ["good-0", "good-1", "good-2", "poison", "good-4", "good-5", "good-6"];
const GOOD = SUBJECTS.filter((subject) => subject !== "poison");
/** Time-out of a request: so long that a busy machine does not reach it. */
const TIMEOUT_MS = 2_000;

/** A sender of events that has logged all subjects. */
interface Sender {
  /** Waits, or starts what another interval or flush would start. */
  next?(): Promise<unknown>;
  /** Ends sending, and returns the number of events that were lost. */
  end(): Promise<number>;
}

/** Names of the options for the time-out of a request. */
const TIMEOUTS: Readonly<Record<string, string>> = {
  Segment: "httpRequestTimeoutMs",
  RudderStack: "requestTimeoutMs",
  Snowplow: "connectionTimeoutMs",
};

function posthog(url: string): PostHog {
  const options = { flushInterval: 0, fetchRetryCount: 0, requestTimeout: TIMEOUT_MS };
  const client = new PostHog("phc_key", { host: url, ...options });
  client.on("error", () => {});
  for (const distinctId of SUBJECTS) client.capture({ distinctId, event: "seen" });
  return client;
}

async function shutDown(client: PostHog): Promise<number> {
  await client.shutdown();
  return client.stats().dropped.closed;
}

async function sendFromEdge(url: string): Promise<SendResult> {
  const fetch = (input: string, options: RequestInit) =>
    globalThis.fetch(input, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const exposures = SUBJECTS.map(
    (subject) => ({ kind: "assignment", event: { messageId: subject, subject } }) as EdgeExposure,
  );
  const { signal } = new AbortController();
  const send = postTo({ url, fetch: fetch as never }); // the type of a runtime without types
  return (await send(exposures, { signal })) as SendResult; // not every function returns one
}

/** Whatever sends several events in one request. The outbox of Redis has `outbox-poison.long.test.ts`. */
const SENDERS: Readonly<Record<string, (url: string) => Promise<Sender>>> = {
  "PostHog's drop-in": async (url) => {
    const client = posthog(url);
    return { next: () => client.flush().catch(() => {}), end: () => shutDown(client) };
  },
  "PostHog's drop-in at its shutdown": async (url) => {
    const client = posthog(url);
    return { end: () => shutDown(client) };
  },
  async "Eppo's drop-in"(url) {
    const host = Buffer.from(`eh=${url}`).toString("base64");
    let lost = 0;
    const warn = (_: string, { events = 0 }: { events?: number } = {}): void => {
      lost += events;
    };
    const eventTracking = { enabled: true, deliveryIntervalMs: 10, maxRetries: 0 };
    const client = await init({
      ...{ apiKey: `key.${host}`, baseUrl: url, assignmentLogger: { logAssignment() {} } },
      ...{ throwOnFailedInitialization: false, requestTimeoutMs: TIMEOUT_MS },
      ...{ diagnostics: { ...SILENT, warn }, eventTracking },
    });
    for (const subject of SUBJECTS) client.track(subject, {});
    return {
      async end() {
        await client.close({ timeoutMs: 500 }); // the last answers may be on their way
        await vi.waitFor(() => expect(lost).toBeGreaterThan(0), { timeout: 20_000 });
        return lost;
      },
    };
  },
  async "postTo of edge runtimes"(url) {
    const { failed, refused } = await sendFromEdge(url);
    return { end: async () => (failed?.length ?? 0) + (refused?.length ?? 0) };
  },
  ...Object.fromEntries(
    [rudderstack, segment, snowplow].map((harness) => [
      `${harness.vendor}'s logger`,
      async (url: string): Promise<Sender> => {
        const timeout = { [TIMEOUTS[harness.vendor] ?? ""]: TIMEOUT_MS };
        const logger = harness.create(url, { diagnostics: SILENT, ...timeout });
        for (const subject of SUBJECTS) logger.logAssignment(assignment(subject));
        return {
          next: () => logger.flush({ timeoutMs: 100 }),
          async end() {
            // The service has all good events, but the last answer may be on its way.
            await vi.waitFor(() => expect(logger.stats().delivered).toBe(GOOD.length), 20_000);
            await logger.close({ timeoutMs: 1 });
            const { dropped, failed } = logger.stats();
            return dropped + failed;
          },
        };
      },
    ]),
  ),
};

describe("an event that is always refused", () => {
  let collector: Collector;
  beforeEach(async () => {
    for (const level of ["warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation(() => {});
    }
    collector = await startCollector();
  });
  afterEach(async () => {
    await collector.close();
    vi.restoreAllMocks();
  });

  /** Subjects in the requests that the service accepted. */
  const received = (): readonly string[] =>
    collector.requests
      .filter(({ status }) => status === 200)
      .flatMap(({ body }) => SUBJECTS.filter((it) => JSON.stringify(body).includes(it)))
      .sort();

  it.each(
    Object.keys(SENDERS).flatMap((sender, row) =>
      (["reset", 502, 400, "hang"] as const)
        .map((status) => ({ sender, status }))
        // A hang costs several time-outs. Drop-ins drop a batch after a 400, as their vendors do.
        .filter((_, column) => isWhole || column === row % 2 || (column === 2 && row === 3))
        .filter(({ status }) => status !== 400 || !sender.includes("drop-in")),
    ),
  )("delays no other event of $sender, and is counted: $status", async ({ sender, status }) => {
    collector.answer({ kind: "refuse", status, text: "poison" });
    const open = SENDERS[sender] as NonNullable<(typeof SENDERS)[string]>; // a key of the table
    const { end, next } = await open(collector.url);
    const isAtEnd = next === undefined && sender.startsWith("PostHog");
    if (!isAtEnd) {
      await vi.waitFor(
        async () => {
          await next?.();
          expect(received()).toEqual(GOOD);
        },
        { timeout: 120_000, interval: 50 },
      );
    }
    expect(await end()).toBe(1);
    expect(received()).toEqual(GOOD);
  });
});
