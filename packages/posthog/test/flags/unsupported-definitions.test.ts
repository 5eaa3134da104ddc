import { edgeClient } from "@sortition/edge";
import { PostHog as VendorPostHog } from "posthog-node";
import { describe, expect, it } from "vitest";
import { posthog } from "../../src/dialect.js";
import { PostHog, type PostHogOptions } from "../../src/index.js";
import { FlagServer } from "../client/flag-server.js";
import { clientOf } from "../ours.js";

type Create = (options: PostHogOptions) => PostHog;
const OURS: Create = (options) => new PostHog("phc_key", options);
const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

/** A flag in a format that does not exist yet. */
const NEWER = { rules: [{ when: "always", value: true }], config_version: 2 };
const SERVER = { flags: { f: { key: "f", enabled: true, variant: "of-the-server" } } };

/** Returns the value of the class, and how many requests for flags it sent. */
async function servedBy(create: Create, flag: object): Promise<readonly unknown[]> {
  const definitions = { flags: [{ id: 1, key: "f", active: true, ...flag }] };
  const server = new FlagServer({ definitions, flags: SERVER });
  const options = { fetch: server.fetch, personalApiKey: "phx_key" };
  const client = create({ ...options, featureFlagsPollingInterval: 1_000_000 });
  await client.waitForLocalEvaluationReady(1_000);
  const value = await client.getFeatureFlag("f", "alice", { sendFeatureFlagEvents: false });
  await client.shutdown();
  return [value, server.requests.filter(({ path }) => path.startsWith("/flags")).length];
}

describe("a definition in an unknown format", () => {
  const flag = { filters: NEWER };

  it("is evaluated by the server, although the vendor's SDK serves false", async () => {
    expect(await servedBy(OURS, flag)).toEqual(["of-the-server", 1]);
    expect(await servedBy(THEIRS, flag)).toEqual([false, 0]);
  });

  it("is an issue, and the native client serves the default with the reason", () => {
    const client = clientOf({ flags: [{ id: 1, key: "f", active: true, ...flag }] });
    expect(client.getConfiguration()?.issues).toEqual([
      {
        code: "unsupported",
        flagKey: "f",
        path: '$.flags[?(@.key=="f")].filters["rules"]',
        message: "unsupported definition: only the server evaluates it",
      },
    ]);
    const { evaluationDetails, reason } = client.getBooleanAssignmentDetails("f", "a", {}, true);
    expect([reason, evaluationDetails.unresolvedReason]).toEqual([
      "unresolved",
      "unsupported_definition",
    ]);
  });

  it("is treated in the same way by the edge client", async () => {
    const definitions = { flags: [{ id: 1, key: "f", active: true, ...flag }] };
    const client = await edgeClient({
      dialect: posthog({ projectApiKey: "phc_key" }),
      apiKey: "phx_key",
      fetch: async () => new Response(JSON.stringify(definitions)),
      send: async () => {},
    }).forRequest();
    expect(client.getBooleanAssignmentDetails("f", "a", {}, true)).toMatchObject({
      value: true,
      reason: "unresolved",
      evaluationDetails: { unresolvedReason: "unsupported_definition" },
    });
    expect(client.getConfiguration()?.issues.map(({ code }) => code)).toEqual(["unsupported"]);
  });

  it.each([
    { because: "it is switched off", flag: { ...flag, active: false } },
    { because: "filters are missing", flag: { version: 2, rules: [] } },
    { because: "filters are null", flag: { filters: null } },
    { because: "groups are missing", flag: { filters: {} } },
    { because: "only known members are there", flag: { filters: { payloads: {}, holdout: null } } },
    { because: "groups are empty", flag: { filters: { groups: [], rules: [] } } },
    { because: "groups are null", flag: { filters: { groups: null, rules: [] } } },
  ])("is not assumed if $because, as in the vendor's SDK", async ({ flag }) => {
    expect(await servedBy(OURS, flag)).toEqual([false, 0]);
    expect(await servedBy(THEIRS, flag)).toEqual([false, 0]);
    const client = clientOf({ flags: [{ id: 1, key: "f", active: true, ...flag }] });
    expect(client.getBooleanAssignment("f", "alice", {}, true)).toBe(false);
  });
});
