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

/** How three flushes of two events end, and the requests, while the server answers with these statuses, then with 200. */
async function flushesOf(create: Create, statuses: readonly number[]) {
  const left = [...statuses];
  const requests: string[] = [];
  const client = create({
    disableCompression: true,
    fetchRetryCount: 0,
    flushInterval: 0,
    fetch: async (_, { body }) => {
      const { batch } = JSON.parse(String(body)) as { batch: readonly { event: string }[] };
      requests.push(batch.map(({ event }) => event).join());
      const status = left.shift() ?? 200;
      return new Response(status === 304 ? null : "{}", { status });
    },
  });
  client.on("error", () => {});
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

describe("flush, beside the vendor's", () => {
  it.each(
    [[200], [300], [304], [400], [401], [404], [413, 200], [413, 413], [413, 400]].map(
      (statuses) => ({ statuses }),
    ),
  )("while the server answers with $statuses", async ({ statuses }) => {
    expect(await flushesOf(OURS, statuses)).toEqual(await flushesOf(THEIRS, statuses));
  });
});
