import { PostHog as VendorPostHog } from "posthog-node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";

const DEFINITIONS = {
  flags: [
    { id: 1, key: "new-checkout", active: true, filters: { groups: [{}] } },
    {
      id: 2,
      key: "only-germany",
      active: true,
      filters: { groups: [{ properties: [{ key: "country", type: "person", value: "DE" }] }] },
    },
  ],
  group_type_mapping: {},
  cohorts: {},
};

let lines: string[];
const clients: PostHog[] = [];

beforeEach(() => {
  lines = [];
  vi.spyOn(console, "warn").mockImplementation((line) => void lines.push(String(line)));
  vi.spyOn(console, "error").mockImplementation((line) => void lines.push(String(line)));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.shutdown()));
  vi.restoreAllMocks();
});

/** @param remote - the server's response about flags, or `null` if it fails. */
async function clientOf(options: PostHogOptions = {}, remote: object | null = { flags: {} }) {
  const fetch = async (url: string): Promise<Response> => {
    if (url.includes("/definitions")) return Response.json(DEFINITIONS);
    if (url.includes("/flags")) {
      return remote === null ? new Response("", { status: 400 }) : Response.json(remote);
    }
    return Response.json({});
  };
  const client = new PostHog("phc_key", {
    secretKey: "phs_secret",
    featureFlagsPollingInterval: null,
    fetch: fetch as NonNullable<PostHogOptions["fetch"]>, // implements only the members that are read
    ...options,
  });
  clients.push(client);
  await client.reloadFeatureFlags();
  return client;
}

const LOCAL = { onlyEvaluateLocally: true };
const NEAR = 'no such flag "new-chekout", did you mean "new-checkout"?';

describe("a call that does not read a member", () => {
  it.each<[(client: PostHog) => void, string]>([
    [
      (it) => it.capture({ distinctId: "u", event: "e", plan: "pro" } as never),
      "capture(…) does not read plan: write properties: { plan }",
    ],
    [
      (it) => it.identify("u" as never),
      "identify(…) expects one object: write identify({ distinctId, properties })",
    ],
    [
      (it) => it.groupIdentify({ type: "company", groupKey: "acme" } as never),
      "groupIdentify(…) does not read type: write properties: { type }",
    ],
    [(it) => it.capture({ distinctId: "u", event: "e", properties: { plan: "pro" } }), ""],
  ])("is reported once: %#", async (call, message) => {
    const client = await clientOf();
    lines = [];
    call(client);
    call(client);
    expect(lines.map((line) => line.replace(/^sortition: /, ""))).toEqual(message ? [message] : []);
  });

  it("is reported for options that are a string", () => {
    clients.push(new PostHog("phc_key", "https://host.example" as never));
    expect(lines.join()).toContain('write new PostHog("phc_…", { host: "…" })');
  });
});

describe("a flag that does not exist", () => {
  it.each([
    { where: "locally", options: LOCAL },
    { where: "at the server either", options: {} },
  ])("is reported once with the nearest key, if it does not exist $where", async ({ options }) => {
    const client = await clientOf();
    for (let i = 0; i < 3; i++) {
      expect(await client.isFeatureEnabled("new-chekout", "alice", options)).toBeUndefined();
      expect(await client.getFeatureFlag("new-chekout", "bob", options)).toBeUndefined();
      await client.getFeatureFlagPayload("new-chekout", "carol", undefined, options);
    }
    const told = lines.filter((line) => line.includes("no such flag"));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(NEAR);
    expect(told[0]).not.toMatch(/alice|bob|carol/);
  });

  it("is not reported if only the server evaluates, because its response lacks inactive flags", async () => {
    const client = await clientOf({ secretKey: undefined });
    await client.isFeatureEnabled("new-checkout", "alice");
    expect(lines).toEqual([]);
  });

  it("is not reported if the server did not respond, which is reported once with the host", async () => {
    const client = await clientOf({ secretKey: undefined }, null);
    for (let i = 0; i < 2; i++) await client.isFeatureEnabled("new-checkout", `user-${i}`);
    expect(lines).toEqual([
      "sortition: flags not received: https://us.i.posthog.com answered with status 400: is the project token right?",
    ]);
  });

  it("is reported by a snapshot for requested keys and for keys that are read", async () => {
    const client = await clientOf();
    await client.evaluateFlags("alice", { ...LOCAL, flagKeys: ["new-chekout"] });
    const flags = await client.evaluateFlags("alice", LOCAL);
    expect(flags.isEnabled("only-germny")).toBe(false);
    expect(flags.isEnabled("only-germny")).toBe(false);
    const told = lines.filter((line) => line.includes("no such flag"));
    expect(told).toHaveLength(2);
    expect(told.join()).toContain('did you mean "only-germany"?');
  });

  it("is not reported if the server has it, if the server fails, or if the flag has no value", async () => {
    const has = await clientOf(
      {},
      { flags: { "new-chekout": { key: "new-chekout", enabled: true } } },
    );
    expect(await has.isFeatureEnabled("new-chekout", "alice")).toBe(true);
    const fails = await clientOf({}, null);
    await fails.isFeatureEnabled("new-chekout", "alice");
    const client = await clientOf();
    expect(await client.isFeatureEnabled("only-germany", "alice", LOCAL)).toBeUndefined();
    expect((await client.evaluateFlags("alice", LOCAL)).isEnabled("only-germany")).toBe(false);
    expect(lines.filter((line) => line.includes("no such flag"))).toEqual([]);
  });

  it("is never reported with `featureFlagsLogWarnings: false`", async () => {
    const silent = await clientOf({ featureFlagsLogWarnings: false });
    await silent.getFeatureFlag("new-chekout", "alice", LOCAL);
    expect(lines.filter((line) => line.includes("no such flag"))).toEqual([]);
  });
});

describe("a capture", () => {
  const given = [
    { name: "a string", message: "clicked" },
    { name: "nothing", message: undefined },
    { name: "an object without event", message: { distinctId: "alice" } },
  ];

  it("is reported once if its argument is not an event, for any value", async () => {
    const client = await clientOf();
    for (let i = 0; i < 3; i++) for (const { message } of given) client.capture(message as never);
    expect(lines).toEqual([
      "sortition: capture(…) expects an object such as { distinctId, event }",
    ]);
    expect(client.stats().accepted).toBe(0);
  });

  it("is reported once if it has distinct_id, and has no person, as in the vendor's SDK", async () => {
    const people: unknown[][] = [];
    const fetch = async (_: string, { body }: { body?: unknown }): Promise<Response> => {
      const { batch } = JSON.parse(String(body));
      people.push(batch.map(({ distinct_id }: { distinct_id: string }) => distinct_id.length));
      return Response.json({});
    };
    const options = { disableCompression: true, fetch: fetch as never };
    const create = [
      (): PostHog => new VendorPostHog("phc_key", options) as never,
      (): PostHog => new PostHog("phc_key", options),
    ];
    for (const it of create) {
      const client = it();
      const message = { distinct_id: "alice", event: "clicked" };
      for (let i = 0; i < 2; i++) client.capture(message as never);
      client.capture({ ...message, distinctId: "bob" } as never);
      await client.shutdown();
    }
    expect(people).toEqual([
      [36, 36, 3],
      [36, 36, 3],
    ]);
    expect(lines).toEqual(["sortition: capture(…) does not read distinct_id: name it distinctId"]);
  });
});

describe("a call without a mistake", () => {
  it.each(["", undefined, 4711, "new-checkout"])("has any distinct id: %j", async (distinctId) => {
    const client = await clientOf();
    await client.isFeatureEnabled("new-checkout", distinctId as string, LOCAL);
    expect(lines).toEqual([]);
  });

  it("needs no definitions, also if it is only evaluated locally", async () => {
    const client = await clientOf({ secretKey: undefined });
    await client.isFeatureEnabled("new-chekout", "alice", LOCAL);
    expect(lines).toEqual([]);
  });
});

describe("a key in quotes", () => {
  it("is reported once per key, and used like the vendor does", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const client = new PostHog('"phc_key"', { personalApiKey: "'phx_key'", flushAt: 1_000 });
    expect(client.apiKey).toBe('"phc_key"');
    const lines = warn.mock.calls.map(([line]) => String(line));
    expect(lines).toEqual([
      expect.stringMatching(/the project token is in quotes: remove them/),
      expect.stringMatching(/personalApiKey is in quotes: remove them/),
    ]);
    await client.shutdown();
    warn.mockRestore();
  });
});

describe("a first argument that is not a token", () => {
  it.each([
    { given: { apiKey: "phc_key", host: "https://eu.test" }, received: "an object" },
    { given: ["phc_key"], received: "an array" },
    { given: 5, received: "a number" },
  ])("causes an error that says what to write: $received", ({ given, received }) => {
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    const client = new PostHog(given as never);
    expect(client.isDisabled).toBe(true);
    const sentence = `the first argument is ${received}, but it must be the token: new PostHog("phc_…", { host: "…" })`;
    expect(error.mock.calls).toEqual([
      [`sortition: no project token: the client does nothing; ${sentence}`],
    ]);
    error.mockRestore();
  });
});
