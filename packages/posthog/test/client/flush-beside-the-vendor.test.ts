import { PostHog as VendorPostHog } from "posthog-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";

beforeAll(() => {
  for (const level of ["warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation(() => {});
  }
});
afterAll(() => void vi.restoreAllMocks());

type Create = (options: PostHogOptions) => PostHog;
const OURS: Create = (options) => new PostHog("phc_key", options);
const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

/**
 * Creates a client, and records the events of its requests. The server responds with these statuses and then with 200,
 * or not at all for 0.
 */
function clientOf(create: Create, statuses: readonly number[], options: PostHogOptions = {}) {
  const left = [...statuses];
  const requests: string[] = [];
  const client = create({
    disableCompression: true,
    fetchRetryCount: 0,
    flushInterval: 0,
    ...options,
    fetch: async (_, { body }) => {
      const { batch } = JSON.parse(String(body)) as { batch: readonly { event: string }[] };
      requests.push(batch.map(({ event }) => event).join());
      const status = left.shift() ?? 200;
      if (status === 0) throw new TypeError("fetch failed");
      return new Response(status === 304 ? null : "{}", { status });
    },
  });
  client.on("error", () => {});
  return { client, requests };
}

/** Returns the outcomes of three flushes of two events, and the requests. */
async function flushesOf(create: Create, statuses: readonly number[]) {
  const { client, requests } = clientOf(create, statuses);
  client.capture({ distinctId: "alice", event: "first" });
  client.capture({ distinctId: "alice", event: "second" });
  const ends: string[] = [];
  for (let i = 0; i < 3; i++) {
    ends.push(
      await client.flush().then(
        () => "resolves",
        () => "rejects",
      ),
    );
  }
  const both = await Promise.allSettled([client.flush(), client.flush()]);
  await client.shutdown(1_000);
  return { ends, both: both.map(({ status }) => status), requests };
}

/** Returns the `status` of the errors for a rejected event, from `flush` and from the error listener. */
async function statusesOf(create: Create, status: number) {
  const { client } = clientOf(create, [status]);
  const statuses: unknown[] = [];
  client.on("error", (error: { status: number }) => statuses.push(error.status));
  client.capture({ distinctId: "alice", event: "first" });
  await client.flush().catch((error: { status: number }) => statuses.push(error.status));
  await client.shutdown(1_000);
  return statuses;
}

/** Ways to flush several batches. Each returns the outcomes of its flushes. */
const WAYS: Readonly<Record<string, (client: PostHog) => Promise<unknown>>> = {
  "one after the other": (client) => endsOf([client.flush()]),
  "three at a time": (client) => endsOf([client.flush(), client.flush(), client.flush()]),
  "by themselves first": async (client) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return endsOf([client.flush()]);
  },
};

async function endsOf(flushes: readonly Promise<void>[]): Promise<readonly string[]> {
  return (await Promise.allSettled(flushes)).map(({ status }) => status);
}

/**
 * Flushes four times. Returns the outcomes, and after each flush the requests and the events passed to `flush`
 * listeners.
 */
async function batchesOf(create: Create, statuses: readonly number[], way: string) {
  const options = { flushAt: 2, maxBatchSize: 2 };
  const { client, requests } = clientOf(create, statuses, options);
  const told: string[] = [];
  client.on("flush", (events: readonly { event: string }[]) => {
    told.push(events.map(({ event }) => event).join());
  });
  for (const event of "abcdefg") client.capture({ distinctId: "alice", event });
  const seen: unknown[] = [];
  for (let i = 0; i < 4; i++) {
    seen.push(await WAYS[way]?.(client), [...requests], [...told]);
    if (i === 1) client.capture({ distinctId: "alice", event: "later" });
  }
  await client.shutdown(1_000);
  return seen;
}

/** Returns the events that are received if some are captured in one turn and some more during the first request. */
async function keptOf(create: Create, first: number, later: number, options: PostHogOptions) {
  const { client, requests } = clientOf(create, [], options);
  for (let i = 0; i < first; i++) client.capture({ distinctId: "alice", event: `${i}` });
  await vi.waitFor(() => expect(requests.length).toBeGreaterThan(0), { interval: 0 });
  for (let i = 0; i < later; i++) client.capture({ distinctId: "alice", event: `later ${i}` });
  await client.shutdown(1_000);
  return requests.flatMap((events) => events.split(",")).sort();
}

/** Returns the requests of a full batch and an event that is captured some microtasks later. */
async function fullBatchOf(create: Create, microtasks: number) {
  const { client, requests } = clientOf(create, [], { flushAt: 2 });
  for (const event of "ab") client.capture({ distinctId: "alice", event });
  for (let i = 0; i < microtasks; i++) await null;
  client.capture({ distinctId: "alice", event: "c" });
  await vi.waitFor(() => expect(requests.length).toBeGreaterThan(0));
  await client.shutdown(1_000);
  return requests;
}

describe("flush, compared with the vendor's,", () => {
  it.each([0, 1, 3, 5, 7, 30])(
    "sends a full batch with what is captured %i microtasks later",
    async (microtasks) => {
      expect(await fullBatchOf(OURS, microtasks)).toEqual(await fullBatchOf(THEIRS, microtasks));
    },
  );

  it.each([400, 401, 429, 500])("fails with errors that have the status %s", async (status) => {
    const theirs = await statusesOf(THEIRS, status);
    expect(theirs).toContain(status);
    expect(await statusesOf(OURS, status)).toEqual(theirs);
  });

  it.each(
    [[200], [300], [304], [400], [401], [404], [413, 200], [413, 413], [413, 400]].map(
      (statuses) => ({ statuses }),
    ),
  )("has the same outcome if the server responds with $statuses", async ({ statuses }) => {
    expect(await flushesOf(OURS, statuses)).toEqual(await flushesOf(THEIRS, statuses));
  });

  it.each(
    Object.keys(WAYS).flatMap((way) =>
      [
        [400],
        [200, 401],
        [400, 400],
        [400, 413, 400],
        [413, 413],
        [200, 413, 200, 403],
        [404, 200, 404],
      ].map((statuses) => ({ way, statuses })),
    ),
  )(
    "has the same outcome for several batches, $way, if the server responds with $statuses",
    async ({ statuses, way }) => {
      expect(await batchesOf(OURS, statuses, way)).toEqual(await batchesOf(THEIRS, statuses, way));
    },
  );

  it.each([
    { first: 5, later: 5, options: { flushAt: 5, maxQueueSize: 5 } },
    { first: 100, later: 60, options: { maxQueueSize: 100 } },
    { first: 20, later: 0, options: { flushAt: 5, maxQueueSize: 5 } },
  ])(
    "keeps the same number of events: $first, then $later while they are in flight, with $options",
    async ({ first, later, options }) => {
      const [theirs, ours] = [
        await keptOf(THEIRS, first, later, options),
        await keptOf(OURS, first, later, options),
      ];
      expect(theirs.length).toBeGreaterThan(0);
      expect(ours).toEqual(theirs);
    },
  );

  it("is repeated by shutdown until no event waits, even if the server rejects some", async () => {
    const { client, requests } = clientOf(OURS, [400, 401], { flushAt: 100, maxBatchSize: 100 });
    for (let i = 0; i < 250; i++) client.capture({ distinctId: "alice", event: "e" });
    await client.shutdown(1_000);
    expect(requests).toHaveLength(3);
    expect(client.stats()).toMatchObject({ delivered: 50, dropped: { refused: 200, closed: 0 } });
  });
});

/**
 * Returns the requests of an event that is sent immediately, the events of listeners, and the requests of a later
 * flush.
 */
async function immediateOf(create: Create, statuses: readonly number[]) {
  const options = { fetchRetryCount: 2, fetchRetryDelay: 1 };
  const { client, requests } = clientOf(create, statuses, options);
  const heard: string[] = [];
  client.on("error", () => heard.push("error"));
  client.on("capture", () => heard.push("capture"));
  const end = await endsOf([client.captureImmediate({ distinctId: "alice", event: "now" })]);
  const atOnce = { end, heard: [...heard], requests: requests.length };
  await client.flush();
  const later = requests.length - atOnce.requests;
  await client.shutdown(1_000);
  return { atOnce, later };
}

describe("captureImmediate, compared with the vendor's,", () => {
  it.each(
    [[200], [500, 200], [0, 0, 200], [400], [413], [304], [429, 401]].map((statuses) => ({
      statuses,
    })),
  )("treats its event alike if the server responds with $statuses", async ({ statuses }) => {
    const ours = await immediateOf(OURS, statuses);
    expect(ours).toEqual(await immediateOf(THEIRS, statuses));
    expect(ours.later).toBe(0);
  });

  it.each([0, 408, 429, 500, 503])(
    "fails with the same requests after %i, but keeps its event for the next flush, unlike the vendor",
    async (status) => {
      const ours = await immediateOf(OURS, [status, status, status]);
      const theirs = await immediateOf(THEIRS, [status, status, status]);
      expect(ours.atOnce).toEqual(theirs.atOnce);
      expect([ours.later, theirs.later]).toEqual([1, 0]);
    },
  );
});
