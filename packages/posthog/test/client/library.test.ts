import { PostHog as VendorPostHog } from "posthog-node";
import { describe, expect, it } from "vitest";
import { PostHog, type PostHogOptions, VERSION } from "../../src/index.js";

type Create = (options: PostHogOptions) => PostHog;
const OURS: Create = (options) => new PostHog("phc_key", options);
const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

/** Returns properties and user agent of one event. */
async function sentBy(create: Create): Promise<Readonly<Record<string, unknown>>> {
  let properties = {};
  let userAgent: string | null = null;
  const client = create({
    disableCompression: true,
    fetch: async (_, { body, headers }) => {
      [{ properties }] = JSON.parse(String(body)).batch;
      userAgent = new Headers(headers as Record<string, string>).get("user-agent");
      return new Response("{}");
    },
  });
  client.capture({ distinctId: "alice", event: "seen", properties: { sortition_version: "mine" } });
  await client.shutdown();
  return { ...properties, userAgent, version: client.getLibraryVersion() };
}

describe("the library name in events", () => {
  it("is posthog-node with the vendor's version, plus a property with our own version", async () => {
    const { sortition_version, ...theirs } = await sentBy(THEIRS);
    expect(theirs).toMatchObject({ $lib: "posthog-node", $lib_version: theirs["version"] });
    expect(await sentBy(OURS)).toEqual({ ...theirs, sortition_version: VERSION });
  });
});
