import { PostHog as VendorPostHog } from "posthog-node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";
import { FlagServer } from "./flag-server.js";

type Derive = (client: PostHog) => PostHog;

/** Objects that frameworks and mocks derive from a client. */
const DERIVED: readonly { readonly name: string; readonly derive: Derive }[] = [
  { name: "the client itself", derive: (client) => client },
  { name: "a Proxy", derive: (client) => new Proxy(client, {}) },
  {
    name: "a Proxy that calls with itself",
    derive: (client) =>
      new Proxy(client, { get: (target, name, receiver) => Reflect.get(target, name, receiver) }),
  },
  { name: "Object.create", derive: (client) => Object.create(client) as PostHog },
  {
    name: "a subclass",
    derive: (client) => Object.setPrototypeOf(client, class extends PostHog {}.prototype),
  },
];

const FLAGS = { on: { key: "on", enabled: true, variant: "b", metadata: { payload: "1" } } };
const LOCAL = { flags: [{ id: 1, key: "here", active: true, filters: { groups: [{}] } }] };

beforeEach(() => {
  for (const level of ["warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation(() => {});
  }
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Calls all methods of a client. Returns their results and the names of the events. */
async function calls(create: (options: PostHogOptions) => PostHog, derive: Derive) {
  const server = new FlagServer({ definitions: LOCAL, flags: { flags: FLAGS } });
  const original = create({
    ...{ fetch: server.fetch, disableCompression: true, secretKey: "phx_key" },
    featureFlagsPollingInterval: null,
  });
  const client = derive(original);
  const heard: unknown[] = [];
  client.on("capture", () => heard.push("capture"));
  client.on("error", () => {});
  const isReady = await client.waitForLocalEvaluationReady();
  client.register({ everywhere: 1 });
  client.capture({ distinctId: "a", event: "captured" });
  await client.captureImmediate({ distinctId: "a", event: "at once" });
  client.identify({ distinctId: "a", properties: { plan: "pro" } });
  client.alias({ distinctId: "a", alias: "b" });
  client.groupIdentify({ groupType: "company", groupKey: "acme" });
  client.captureException(new Error("boom"), "a");
  const inContext = client.withContext({ distinctId: "c" }, () => client.getContext()?.distinctId);
  const answers = [
    ...[await client.getFeatureFlag("on", "a"), await client.isFeatureEnabled("here", "a")],
    ...[await client.getFeatureFlagPayload("on", "a"), await client.getAllFlags("a")],
    (await client.evaluateFlags("a")).keys.sort(),
    client.isLocalEvaluationReady(),
  ];
  client.overrideFeatureFlags({ flags: { on: "mine" } });
  // A change through one object must be visible through the other.
  const overridden = await original.getFeatureFlag("on", "a");
  await client.flush();
  await client.optOut();
  const optedOut = [client.optedOut, original.optedOut];
  original.capture({ distinctId: "a", event: "not wanted" });
  await original.flush();
  await client.optIn();
  client.debug(false);
  await client.shutdown(5_000);
  const events = server.events.map(({ event }) => event).sort();
  return { isReady, inContext, answers, overridden, optedOut, events, heard: heard.length > 0 };
}

describe.each(DERIVED)("$name", ({ derive }) => {
  it("works like a client and like the vendor's", async () => {
    const ours = await calls((options) => new PostHog("phc_key", options), derive);
    const theirs = await calls(
      (options) => new VendorPostHog("phc_key", options as never) as unknown as PostHog,
      derive.toString().includes("setPrototypeOf") ? (client) => client : derive,
    );
    expect(ours).toMatchObject({ overridden: "mine", inContext: "c", heard: true });
    expect(ours).toEqual({ ...theirs, optedOut: [true, true], overridden: "mine" });
  });
});
