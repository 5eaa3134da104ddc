import { PostHog } from "posthog-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { jsonFile, ndjson, parseLines, run, tempFile } from "../run.js";

const NOW_MS = Date.UTC(2026, 1, 1, 12);

function filter(key: string, operator: string, value: unknown, more: object = {}): object {
  return { key, type: "person", operator, value, ...more };
}

function flag(id: number, key: string, filters: object, more: object = {}): object {
  return { id, key, active: true, filters, ...more };
}

const VARIANTS = {
  variants: [
    { key: "fast", rollout_percentage: 50 },
    { key: "deep", rollout_percentage: 40 },
  ],
};

const DEFINITIONS = {
  flags: [
    flag(7, "search", {
      groups: [{ properties: [filter("plan", "exact", "team")], rollout_percentage: 100 }],
      multivariate: VARIANTS,
      payloads: { deep: '{"k":20}', fast: "0", true: "not json" },
    }),
    flag(8, "off", {}, { active: false }),
    flag(9, "sticky", { groups: [{}] }, { ensure_experience_continuity: true }),
    flag(10, "company", { groups: [{}], aggregation_group_type_index: 0 }),
    flag(
      11,
      "device",
      { groups: [{ rollout_percentage: 50 }] },
      { bucketing_identifier: "device_id" },
    ),
    flag(12, "recent", { groups: [{ properties: [filter("seen", "is_date_after", "-7d")] }] }),
    flag(13, "static", { groups: [{ properties: [{ key: "id", type: "cohort", value: 99 }] }] }),
    flag(14, "held", { groups: [{}], holdout: { id: 3, exclusion_percentage: 50 } }),
    flag(15, "broken", { groups: [null] }),
    flag(16, "plain", { groups: [{ rollout_percentage: 30 }] }, { has_experiment: false }),
  ],
  group_type_mapping: { 0: "company" },
  cohorts: {},
};

interface Request {
  readonly flag?: string;
  readonly flagKeys?: string[];
  readonly distinctId: string;
  readonly personProperties?: Record<string, unknown>;
  readonly groups?: Record<string, string>;
  readonly groupProperties?: Record<string, Record<string, unknown>>;
  readonly deviceId?: string;
}

const PEOPLE: readonly Omit<Request, "flag">[] = [
  { distinctId: "user-2", personProperties: { plan: "team", seen: "2026-01-30" } },
  { distinctId: "user-3", personProperties: { plan: "TEAM", seen: 5 }, deviceId: "d-1" },
  { distinctId: "user-4", personProperties: { plan: 3 }, groups: { company: "acme" } },
  { distinctId: "", personProperties: { plan: "team" } },
  { distinctId: "ü", groups: { team: "x" }, groupProperties: { team: { a: 1 } }, deviceId: "" },
];

const KEYS: readonly string[] = [
  ...DEFINITIONS.flags.map((it) => (it as { key: string }).key),
  "none",
];

const REQUESTS: readonly Request[] = PEOPLE.flatMap((person) => [
  ...KEYS.map((key) => ({ ...person, flag: key })),
  person,
  { ...person, flagKeys: ["search", "static", "none", "held"] },
  { ...person, flagKeys: [] },
]);

/** Creates the vendor's client with these definitions, and records the events that it posts. */
function useVendor(definitions: object) {
  const batches: object[] = [];
  let client: PostHog;
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: NOW_MS });
    vi.spyOn(console, "error").mockImplementation(() => {});
    vi.spyOn(console, "warn").mockImplementation(() => {});
    client = new PostHog("phc_key", {
      personalApiKey: "phx_key",
      disableCompression: true,
      flushAt: 1,
      maxCacheSize: 0,
      fetch: async (url, { body }) => {
        if (url.includes("/batch")) {
          const { batch } = JSON.parse(String(body)) as { batch: object[] };
          batches.push(...batch);
        }
        const text = url.includes("/definitions") ? JSON.stringify(definitions) : "{}";
        return new Response(text) as never; // the client uses only a part of Response
      },
    });
    client.on("error", () => {});
    await client.waitForLocalEvaluationReady();
  });
  afterAll(async () => {
    vi.useRealTimers();
    await client.shutdown();
    vi.restoreAllMocks();
  });
  return {
    async ask(request: Request): Promise<object> {
      const { deviceId, distinctId, flag: key, flagKeys, personProperties, ...rest } = request;
      const device = deviceId === undefined ? {} : { $device_id: deviceId };
      const options = {
        ...rest,
        personProperties: { ...personProperties, ...device } as Record<string, string>,
        onlyEvaluateLocally: true,
      };
      const keys = key === undefined ? flagKeys : [key];
      const snapshot = await client.evaluateFlags(distinctId, {
        ...options,
        ...(keys === undefined ? {} : { flagKeys: keys }),
      });
      if (key === undefined) {
        const all = await client.getAllFlagsAndPayloads(distinctId, {
          ...options,
          ...(keys === undefined ? {} : { flagKeys: keys }),
        });
        return { ...all, unresolvedFlags: snapshot.unresolvedFlags };
      }
      batches.length = 0;
      try {
        const result = await client.getFeatureFlagResult(key, distinctId, options);
        await client.flush();
        const [posted = null] = batches as { uuid: string; timestamp: string }[];
        const { timestamp: _, uuid: __, ...event } = posted ?? { timestamp: "", uuid: "" };
        const shown = { event: posted === null ? null : event };
        if (result === undefined) {
          const unresolvedReason = snapshot.unresolvedFlags[key] ?? null;
          return { resolved: false, unresolvedReason, ...shown };
        }
        const { enabled, payload = null, reason, reasonCode, variant = null } = result;
        const value = enabled ? (variant ?? true) : false;
        return { resolved: true, value, enabled, variant, payload, reason, reasonCode, ...shown };
      } catch (error) {
        return { throws: (error as Error).name };
      }
    },
  };
}

describe.each([
  { name: "full events", definitions: DEFINITIONS },
  { name: "short events", definitions: { ...DEFINITIONS, minimal_flag_called_events: true } },
  { name: "version 2", definitions: { ...DEFINITIONS, property_matching_version: 2 } },
])("sortition evaluate --dialect posthog, $name", ({ definitions }) => {
  const vendor = useVendor(definitions);

  it(`answers ${REQUESTS.length} lines like the vendor's SDK`, async () => {
    const expected: object[] = [];
    // These calls run one after another, so that each event belongs to its call.
    for (const request of REQUESTS) expected.push(await vendor.ask(request));
    const config = jsonFile("posthog.json", definitions);
    const now = String(NOW_MS);
    const args = ["evaluate", "--dialect", "posthog", "--config", config, "--events", "--now", now];
    const { exitCode, stdout } = await run(args, ndjson(REQUESTS));
    const answers = parseLines(stdout).map((line) => {
      const { id: _, message: __, ...rest } = line as unknown as Record<string, unknown>;
      return rest;
    });
    expect(answers).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(exitCode).toBe(0);
  });
});

describe("malformed requests", () => {
  it.each([
    [{ distinctId: 5 }, "distinctId: expected a string, got 5"],
    [{ flag: "a" }, "distinctId: expected a string, got nothing"],
    [{ flag: 1, distinctId: "a" }, "flag: expected a string, got 1"],
    [{ flag: "a", distinctId: "a", flagKeys: [] }, "flagKeys: unknown field"],
    [{ distinctId: "a", flagKeys: ["a", 1] }, "flagKeys[1]: expected a string, got 1"],
    [{ distinctId: "a", groups: [] }, "groups: expected an object, got an array"],
    [{ distinctId: "a", deviceId: null }, "deviceId: expected a string, got null"],
  ])("%j", async (request, message) => {
    const config = jsonFile("posthog.json", DEFINITIONS);
    const args = ["evaluate", "--dialect", "posthog", "--config", config];
    const { exitCode, stdout } = await run(args, ndjson([request]));
    expect(parseLines(stdout)).toMatchObject([
      { id: 1, error: { code: "invalid_request", message: expect.stringContaining(message) } },
    ]);
    expect(exitCode).toBe(1);
  });

  it.each([
    ["[]", "$: expected an object, got an array"],
    ['{"flags":{}}', "$.flags: expected an array, got an object"],
    ['{"cohorts":{}}', "$.flags: expected an array, got nothing"],
    ['{"flags":[}', "not JSON at line 1, column 11"],
  ])("a configuration %s", async (text, problem) => {
    const config = tempFile("posthog.json", text);
    const args = ["evaluate", "--dialect", "posthog", "--config", config];
    const { exitCode, stderr, stdout } = await run(args);
    expect(stdout).toBe("");
    expect(stderr).toContain(problem);
    expect(exitCode).toBe(2);
  });
});

describe("sortition explain", () => {
  it("says why nothing is evaluated for an empty distinct id", async () => {
    const config = jsonFile("posthog.json", DEFINITIONS);
    const args = ["explain", "search", "--config", config, "--subject", ""];
    const { exitCode, stdout } = await run(args);
    expect(stdout).toContain("Answer   undefined");
    expect(exitCode).toBe(1);
    const { stdout: json } = await run([...args, "--json"]);
    expect(JSON.parse(json)).toMatchObject({
      error: "Invalid argument: subjectKey cannot be blank",
      resolved: false,
    });
  });
});
