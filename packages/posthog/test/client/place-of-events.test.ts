import { PostHog as VendorPostHog } from "posthog-node";
import { describe, expect, it } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";

type Create = (options: PostHogOptions) => PostHog;
const OURS: Create = (options) => new PostHog("phc_key", options);
const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

const SECRET = { personalApiKey: "phx_key", featureFlagsPollingInterval: 100_000 };
const LOCAL = { onlyEvaluateLocally: true };

/** Names of the events, in the order in which they were sent. */
async function placesOf(
  create: Create,
  options: PostHogOptions,
  sendFeatureFlags: boolean | typeof LOCAL,
): Promise<readonly string[]> {
  const names: string[] = [];
  const fetch = async (url: string, { body }: { body: string }) => {
    if (url.includes("definitions")) return new Response("", { status: 500 });
    if (!url.includes("batch")) return Response.json({ flags: {} });
    names.push(...JSON.parse(body).batch.map(({ event }: { event: string }) => event));
    return Response.json({});
  };
  const silent = { disableCompression: true, fetch: fetch as never };
  const client = create({ ...options, ...silent });
  client.on("error", () => {});
  await client.reloadFeatureFlags();
  client.capture({ distinctId: "alice", event: "with flags", sendFeatureFlags });
  client.capture({ distinctId: "alice", event: "plain" });
  await client.shutdown();
  return names;
}

describe("an event with sendFeatureFlags, where no definitions are loaded", () => {
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
  ])("has the vendor's place among the others: $name", async ({ isFirst, options, send }) => {
    const theirs = await placesOf(THEIRS, options, send);
    expect(theirs[0] === "with flags").toBe(isFirst);
    expect(await placesOf(OURS, options, send)).toEqual(theirs);
  });
});
