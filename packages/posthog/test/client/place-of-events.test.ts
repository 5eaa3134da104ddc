import { PostHog as VendorPostHog } from "posthog-node";
import { describe, expect, it } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";

type Create = (options: PostHogOptions) => PostHog;
const OURS: Create = (options) => new PostHog("phc_key", options);
const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

const SECRET = { personalApiKey: "phx_key", featureFlagsPollingInterval: 100_000 };
const LOCAL = { onlyEvaluateLocally: true };

/** Returns the names of the events, in the order in which they were sent. */
async function placesOf(
  create: Create,
  options: PostHogOptions,
  sendFeatureFlags: boolean | typeof LOCAL,
  {
    flags,
    microtasks = 0,
  }: { readonly flags?: readonly object[]; readonly microtasks?: number } = {},
): Promise<readonly string[]> {
  const names: string[] = [];
  const fetch = async (url: string, { body }: { body: string }) => {
    if (url.includes("definitions")) {
      return flags ? Response.json({ flags }) : new Response("", { status: 500 });
    }
    if (!url.includes("batch")) return Response.json({ flags: {} });
    names.push(...JSON.parse(body).batch.map(({ event }: { event: string }) => event));
    return Response.json({});
  };
  const silent = { disableCompression: true, fetch: fetch as never };
  const client = create({ ...options, ...silent });
  client.on("error", () => {});
  await client.reloadFeatureFlags();
  client.capture({ distinctId: "alice", event: "with flags", sendFeatureFlags });
  for (let i = 0; i < microtasks; i++) await null;
  client.capture({ distinctId: "alice", event: "plain" });
  await client.shutdown();
  return names;
}

describe("an event with sendFeatureFlags and without loaded definitions", () => {
  it.each([
    { name: "without a key, locally alone", options: {}, send: LOCAL, isFirst: true },
    { name: "with a key, locally alone", options: SECRET, send: LOCAL, isFirst: true },
    {
      name: "strictly local",
      options: { ...SECRET, strictLocalEvaluation: true },
      send: true,
      isFirst: true,
    },
    { name: "by the server", options: SECRET, send: true, isFirst: false },
  ])("has the vendor's position among the others: $name", async ({ isFirst, options, send }) => {
    const theirs = await placesOf(THEIRS, options, send);
    expect(theirs[0] === "with flags").toBe(isFirst);
    expect(await placesOf(OURS, options, send)).toEqual(theirs);
  });
});

const flag = (groups: readonly object[]) => ({
  id: 1,
  key: "flag",
  active: true,
  filters: { groups },
});

describe("an event with sendFeatureFlags and loaded definitions", () => {
  it.each([
    { name: "a flag that is on", flags: [flag([{}])], isFirst: false },
    { name: "a flag for everybody", flags: [flag([{ rollout_percentage: 100 }])], isFirst: false },
    { name: "a flag that is off because it has no condition", flags: [flag([])], isFirst: true },
  ])(
    "has the vendor's position among the events of its turn: $name",
    async ({ flags, isFirst }) => {
      for (const send of [true, LOCAL]) {
        for (const microtasks of [0, 20, 60]) {
          const life = { flags, microtasks };
          const theirs = await placesOf(THEIRS, SECRET, send, life);
          expect(theirs[0] === "with flags").toBe(isFirst && microtasks > 0);
          expect(await placesOf(OURS, SECRET, send, life)).toEqual(theirs);
        }
      }
    },
  );

  it("keeps its position among others of its kind, where the vendor sorts by completed hashes", async () => {
    const names: string[] = [];
    const fetch = async (url: string, { body }: { body: string }) => {
      if (url.includes("definitions")) return Response.json({ flags: [flag([{}])] });
      names.push(...JSON.parse(body).batch.map(({ event }: { event: string }) => event));
      return Response.json({});
    };
    const client = OURS({ ...SECRET, disableCompression: true, fetch: fetch as never });
    await client.reloadFeatureFlags();
    const events = Array.from({ length: 20 }, (_, i) => `event ${i}`);
    for (const event of events) {
      client.capture({ distinctId: "alice", event, sendFeatureFlags: true });
    }
    await client.shutdown();
    expect(names).toEqual(events);
  });
});
