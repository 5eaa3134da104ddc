import { PostHog as VendorPostHog } from "posthog-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type EventMessage, PostHog, type PostHogOptions } from "../../src/index.js";
import { FlagServer } from "./flag-server.js";

type Create = (options: PostHogOptions) => PostHog;
const OURS: Create = (options) => new PostHog("phc_key", options);
const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

const THROWN = new Error("with flags");
const ANSWER = {
  flags: {
    on: { key: "on", enabled: true, variant: "blue", metadata: { id: 1, version: 1 } },
    off: { key: "off", enabled: false, metadata: { id: 2, version: 1 } },
  },
};

beforeAll(() => void vi.spyOn(console, "warn").mockImplementation(() => {}));
afterAll(() => void vi.restoreAllMocks());

/** Returns the arguments of a hook, and the events that are sent. */
async function outcomeOf(create: Create) {
  const server = new FlagServer({ flags: ANSWER });
  const seen: EventMessage[] = [];
  const client = create({
    disableCompression: true,
    fetch: server.fetch,
    before_send(message) {
      seen.push({ ...message });
      return { ...message, flags: undefined, sendFeatureFlags: message.event === "neither" };
    },
  });
  const flags = await client.evaluateFlags("a");
  client.capture({ distinctId: "a", event: "snapshot", flags });
  client.capture({ distinctId: "a", event: "all", sendFeatureFlags: true });
  const sendFeatureFlags = { flagKeys: ["on"], personProperties: { plan: "pro" } };
  client.capture({ distinctId: "a", event: "chosen", sendFeatureFlags });
  client.capture({ distinctId: "a", event: "neither" });
  client.captureException(THROWN, "a", {}, undefined, flags);
  await client.flush();
  await client.shutdown();
  return {
    seen: seen.map((it) => ({
      event: it.event,
      hasSnapshot: it.flags === flags,
      sendFeatureFlags: it.sendFeatureFlags,
      names: Object.keys(it).sort(),
    })),
    sent: server.events
      .map(({ event, properties }) => ({ event, flags: flagsIn(properties as object) }))
      .sort((a, b) => (String(a.event) < String(b.event) ? -1 : 1)),
  };
}

function flagsIn(properties: object): object {
  const entries = Object.entries(properties);
  return Object.fromEntries(entries.filter(([name]) => /\$feature\/|\$active/.test(name)));
}

describe("before_send", () => {
  it("receives flags and sendFeatureFlags unchanged and cannot change them, as in the vendor's SDK", async () => {
    const ours = await outcomeOf(OURS);
    expect(ours).toEqual(await outcomeOf(THEIRS));
    expect(ours.seen.map(({ event, hasSnapshot }) => [event, hasSnapshot])).toEqual([
      ["snapshot", true],
      ["all", false],
      ["chosen", false],
      ["neither", false],
      ["$exception", true],
    ]);
    const flags = { "$feature/on": "blue", "$feature/off": false, $active_feature_flags: ["on"] };
    expect(ours.sent.find(({ event }) => event === "snapshot")?.flags).toEqual(flags);
    expect(ours.sent.find(({ event }) => event === "neither")?.flags).toEqual({});
  });
});
