import { PostHog as VendorPostHog } from "posthog-node";
import { describe, expect, it } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";

type Create = (options: PostHogOptions) => PostHog;
const OURS: Create = (options) => new PostHog("phc_key", options);
const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

const FLAG = { id: 1, key: "flag", active: true, filters: { groups: [{}] } };

interface Answer {
  readonly status: number;
  readonly etag: string | null;
}

/** Returns `If-None-Match` of each request for definitions, or `null`. */
async function askedWith(create: Create, answers: readonly Answer[]): Promise<unknown[]> {
  const seen: unknown[] = [];
  const fetch = async (_: string, { headers }: { headers: Record<string, string> }) => {
    const { etag, status } = answers[seen.length] ?? { status: 304, etag: null };
    seen.push(new Headers(headers).get("if-none-match"));
    const body = status === 200 ? JSON.stringify({ flags: [FLAG] }) : null;
    return new Response(body, { status, ...(etag === null ? {} : { headers: { etag } }) });
  };
  const options = { personalApiKey: "phx_key", featureFlagsPollingInterval: 100_000 };
  const client = create({ ...options, fetch: fetch as never });
  // Without definitions, there is nothing to wait for.
  if (answers[0]?.status === 200) await client.waitForLocalEvaluationReady();
  for (let i = 0; i < 3; i++) await client.reloadFeatureFlags();
  await client.shutdown();
  return seen.slice(0, 3);
}

describe("the ETag of definitions", () => {
  it.each([
    { name: "of a 304 with another one", second: { status: 304, etag: '"b"' } },
    { name: "of a 304 without one", second: { status: 304, etag: null } },
    { name: "of a 200 with the same definitions", second: { status: 200, etag: '"b"' } },
    {
      name: "of a 200 with the same definitions, without one",
      second: { status: 200, etag: null },
    },
    { name: "of a 200 with an empty one", second: { status: 200, etag: "" } },
  ])("comes from the last response, as in the vendor's SDK: $name", async ({ second }) => {
    const answers = [{ status: 200, etag: '"a"' }, second];
    const theirs = await askedWith(THEIRS, answers);
    expect(theirs).toHaveLength(3);
    expect(await askedWith(OURS, answers)).toEqual(theirs);
  });

  it.each([
    { name: "with an ETag", first: '"a"', second: null, expected: [null, '"a"', '"a"'] },
    { name: "with two", first: '"a"', second: '"b"', expected: [null, '"a"', '"b"'] },
    { name: "without one", first: null, second: null, expected: [null, null, null] },
  ])("comes from a 304 before any definitions, $name", async ({ expected, first, second }) => {
    const answers = [first, second].map((etag) => ({ status: 304, etag }));
    expect(await askedWith(THEIRS, answers)).toEqual(expected);
    expect(await askedWith(OURS, answers)).toEqual(expected);
  });
});
