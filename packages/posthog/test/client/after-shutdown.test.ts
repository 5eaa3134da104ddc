import { PostHog as VendorPostHog } from "posthog-node";
import { afterEach, describe, expect, it, vi } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";

type Create = (options: PostHogOptions) => PostHog;
const OURS: Create = (options) => new PostHog("phc_key", options);
const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

const DEFINITIONS = {
  flags: [
    { id: 1, key: "local", active: true, filters: { groups: [{ rollout_percentage: 100 }] } },
  ],
  group_type_mapping: {},
  cohorts: {},
};

/** The client's server, which responds immediately. */
function serverOf() {
  const events: string[] = [];
  let loads = 0;
  const fetch = async (url: string, { body }: { body?: unknown }): Promise<Response> => {
    if (url.includes("/batch")) {
      const { batch } = JSON.parse(String(body)) as {
        readonly batch: { readonly event: string }[];
      };
      events.push(...batch.map(({ event }) => event));
      return Response.json({});
    }
    if (!url.includes("/definitions")) {
      return Response.json({ flags: { server: { key: "server", enabled: true } } });
    }
    loads += 1;
    return Response.json(DEFINITIONS);
  };
  return { events, fetch: fetch as never, loads: () => loads };
}

const QUIET = { disableCompression: true, sendFeatureFlagEvent: false } as const;

afterEach(() => void vi.restoreAllMocks());

describe("a client that is used after shutdown", () => {
  it.each([
    { name: "its flags from the server", options: {} },
    { name: "its flags from definitions", options: { secretKey: "phs_secret" } },
  ])("sends all events and has $name like the vendor's, but warns once", async ({ options }) => {
    const lines = vi.spyOn(console, "warn").mockImplementation(() => {});
    const seen = [];
    for (const create of [OURS, THEIRS]) {
      const { events, fetch } = serverOf();
      const client = create({ ...QUIET, ...options, fetch });
      const values: unknown[] = [];
      for (const request of ["first", "second", "third"]) {
        client.capture({ distinctId: "alice", event: request });
        values.push(await client.getFeatureFlag("server", "alice"));
        if ("secretKey" in options) values.push(await client.getFeatureFlag("local", "alice"));
        await client.shutdown();
      }
      seen.push({ events, values });
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.events).toEqual(["first", "second", "third"]);
    expect(seen[0]?.values).not.toContain(undefined);
    const warnings = lines.mock.calls.filter(([line]) => String(line).includes("after shutdown()"));
    expect(warnings).toHaveLength(1);
  });

  it("loads definitions on request, like the vendor's", async () => {
    const seen = [];
    for (const create of [OURS, THEIRS]) {
      const { fetch, loads } = serverOf();
      const client = create({ ...QUIET, secretKey: "phs_secret", fetch });
      await client.waitForLocalEvaluationReady();
      await client.shutdown();
      for (let i = 0; i < 2; i++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        await client.reloadFeatureFlags();
      }
      seen.push([loads(), client.isLocalEvaluationReady()]);
      await client.shutdown();
    }
    expect(seen).toEqual([
      [3, true],
      [3, true],
    ]);
  });

  it("sends events that are captured during shutdown, without a warning", async () => {
    const lines = vi.spyOn(console, "warn").mockImplementation(() => {});
    for (const create of [OURS, THEIRS]) {
      const { events, fetch } = serverOf();
      const client = create({ ...QUIET, fetch });
      client.capture({ distinctId: "alice", event: "before" });
      const ending = client.shutdown();
      client.capture({ distinctId: "alice", event: "meanwhile" });
      await ending;
      expect(events).toEqual(["before", "meanwhile"]);
    }
    expect(lines).not.toHaveBeenCalled();
  });
});
