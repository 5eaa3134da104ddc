import { getInstance, type IAssignmentEvent, type IBanditEvent } from "@eppo/node-server-sdk";
import { isWhole, seededRandom } from "@sortition/test-kit";
import { describe, expect, it, vi } from "vitest";
import { jsonFile, ndjson, parseLines, run } from "../run.js";
import { BANDIT_FLAGS, MODELS } from "./bandit-config.js";
import { comparable, useVendor } from "./vendor-sdk.js";

const SEED = 20_260_202;
const LINES = 800;

// The SDK's logger reads this when it is imported.
vi.hoisted(() => vi.stubEnv("LOG_LEVEL", "silent"));

type Values = Record<string, string | number | boolean | null | object>;

interface Request {
  readonly type: "bandit" | "best-action";
  readonly flag: string;
  readonly subjectKey?: string;
  readonly subjectAttributes: Values;
  readonly actions: Record<string, Values>;
  readonly default?: string | null;
  readonly overrides?: Record<string, { key: string; value: string }>;
  readonly now: number;
}

const SUBJECTS: readonly Values[] = [
  {},
  { age: 31, country: "DK" },
  { age: "31", country: 1 },
  { age: null, country: true },
  { numericAttributes: { age: 44.4 }, categoricalAttributes: { country: "DK" } },
  { numericAttributes: { age: "44" }, categoricalAttributes: { country: true, age: 3 } },
  { numericAttributes: {} },
];

const ACTIONS: readonly Record<string, Values>[] = [
  {},
  { nike: {}, adidas: {} },
  { nike: { price: 12.5, colour: "red" }, adidas: { price: 9 }, puma: { colour: null } },
  { b: { price: 1 }, "10": { price: 3 }, "9": { colour: "red" }, "": {} },
  {
    nike: { numericAttributes: { price: 3.3 }, categoricalAttributes: { colour: "red" } },
    adidas: { numericAttributes: { price: 7 }, categoricalAttributes: {} },
  },
  { nike: { numericAttributes: { price: 3.3 }, categoricalAttributes: {} }, adidas: { price: 2 } },
];

/** The vendor cannot hash such a name for its cache. It returns the result but loses the event. */
const UNHASHABLE: Request = {
  type: "bandit",
  flag: "all",
  subjectKey: "only once",
  subjectAttributes: {},
  actions: { "\ud800": { price: 1 } },
  now: Date.UTC(2026, 1, 20),
};

function generateRequests(): readonly Request[] {
  const random = seededRandom(SEED);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const flags = Object.keys((BANDIT_FLAGS as { flags: object }).flags);
  return Array.from({ length: LINES }, (_, i) => {
    const type = random() < 0.85 ? "bandit" : "best-action";
    const flag = random() < 0.5 ? "shop" : pick([...flags, "unknown"]);
    return {
      type,
      flag,
      subjectAttributes: pick(SUBJECTS),
      actions: pick(ACTIONS),
      now: Date.UTC(2026, 0, 15) + i * 7_000,
      ...(type === "bandit"
        ? { subjectKey: pick(["", "ü", ...Array.from({ length: 40 }, (_, n) => `user-${n}`)]) }
        : {}),
      ...(random() < 0.6 ? { default: pick(["shoes", "cold", "", "x", null]) } : {}),
      ...(type === "bandit" && random() < 0.1
        ? { overrides: { [flag]: { key: "o", value: pick(["shoes", "cold", "y"]) } } }
        : {}),
    };
  });
}

type AnyEvent = IAssignmentEvent | IBanditEvent;

/** Returns the result of the vendor's SDK, as a result line. */
function askVendor(request: Request, events: AnyEvent[]): object {
  const { flag, subjectKey = "", overrides } = request;
  vi.setSystemTime(request.now);
  events.length = 0;
  const client = overrides === undefined ? getInstance() : getInstance().withOverrides(overrides);
  // The SDK's types are narrower than the values that it accepts.
  const subject = request.subjectAttributes as never;
  const actions = request.actions as never;
  const defaultValue = (request.default ?? null) as never;
  try {
    if (request.type === "best-action") {
      return { action: client.getBestAction(flag, subject, actions, defaultValue) };
    }
    const result = client.getBanditActionDetails(flag, subjectKey, subject, actions, defaultValue);
    return {
      ...result,
      event: events.find((event) => "allocation" in event) ?? null,
      banditEvent: events.find((event) => "bandit" in event) ?? null,
    };
  } catch (error) {
    return { throws: (error as Error).name };
  }
}

/** Matches descriptions that end with a message of the JavaScript engine. */
const ENGINE_TEXT = /^(Error evaluating bandit action: )(?!No bandit).*/;

describe(`sortition evaluate with bandits (seed ${SEED})`, () => {
  const requests = [...generateRequests(), UNHASHABLE];
  const events: AnyEvent[] = [];

  useVendor(
    ({ path }) => ({
      kind: "answer",
      body: JSON.stringify(path.endsWith("/bandits") ? MODELS : BANDIT_FLAGS),
    }),
    {
      assignmentLogger: { logAssignment: (event) => void events.push(event) },
      banditLogger: { logBanditAction: (event) => void events.push(event) },
    },
  );

  const modes = [
    { dedupe: "none", prepare: () => getInstance().disableBanditAssignmentCache() },
    {
      dedupe: "non-expiring",
      prepare: () => getInstance().useNonExpiringInMemoryBanditAssignmentCache(),
    },
    {
      dedupe: "expiring:9:60000",
      prepare: () => getInstance().useExpiringInMemoryBanditAssignmentCache(9, 60_000),
    },
  ];

  it.each(modes.slice(isWhole ? 0 : -1))(
    `evaluates ${LINES} generated lines like the vendor's SDK with --bandit-dedupe $dedupe`,
    async ({ dedupe, prepare }) => {
      getInstance().disableAssignmentCache();
      prepare();
      const expected = requests.map((request) =>
        comparable(askVendor(request, events), ENGINE_TEXT),
      );
      const config = jsonFile("flags.json", BANDIT_FLAGS);
      const models = jsonFile("models.json", MODELS);
      const args = ["evaluate", "--dialect", "eppo", "--config", config, "--bandits", models];
      const { stdout } = await run(
        [...args, "--events", "--bandit-dedupe", dedupe],
        ndjson(requests),
      );
      const results = parseLines(stdout).map((line) => comparable(line, ENGINE_TEXT));
      for (const [i, request] of requests.entries()) {
        expect({ request, result: results[i] }).toEqual({ request, result: expected[i] });
      }
      const count = (part: string): number =>
        results.filter((result) => JSON.stringify(result).includes(part)).length;
      expect(count('"banditEvent":{')).toBeGreaterThan(20);
      expect(count('"banditEvent":null')).toBeGreaterThan(20);
      expect(count("BANDIT_ERROR")).toBeGreaterThan(5);
      expect(count('"throws"')).toBeGreaterThan(0);
      expect(count("Flag override applied")).toBeGreaterThan(10);
    },
  );

  it("precomputes the same configurations as the vendor's SDK", async () => {
    const config = jsonFile("flags.json", BANDIT_FLAGS);
    const models = jsonFile("models.json", MODELS);
    const args = ["evaluate", "--dialect", "eppo", "--config", config, "--bandits", models];
    const lines = SUBJECTS.flatMap((subjectAttributes, i) =>
      ACTIONS.slice(0, 6).map((actions) => ({
        type: "precomputed",
        subjectKey: `user-${i}`,
        subjectAttributes,
        banditActions: { shop: actions, all: actions, off: actions, unknown: actions },
        salt: "salt",
        now: Date.UTC(2026, 0, 15, i),
      })),
    );
    const expected = lines.map((line) => {
      vi.setSystemTime(line.now);
      const text = getInstance().getPrecomputedConfiguration(
        line.subjectKey,
        line.subjectAttributes as never,
        line.banditActions as never,
        line.salt,
      );
      return JSON.parse(text);
    });
    const results = parseLines((await run(args, ndjson(lines))).stdout);
    expect(results).toEqual(expected.map((configuration, i) => ({ id: i + 1, configuration })));
    const salts = parseLines(
      (await run(args, ndjson([{ type: "precomputed", subjectKey: "a" }]))).stdout,
    );
    expect(salts[0]).toHaveProperty("configuration.precomputed.subjectKey", "a");
  });

  it.each([
    { fields: { subjectKey: 1 }, message: /^subjectKey: / },
    { fields: { salt: 7 }, message: /^salt: expected a string, got 7$/ },
    { fields: { banditActions: [] }, message: /^banditActions: / },
    { fields: { banditActions: { f: 1 } }, message: /^banditActions\["f"\]: expected an object/ },
    { fields: { flag: "f" }, message: /^flag: unknown field/ },
  ])("rejects a precomputed request with $fields", async ({ fields, message }) => {
    const config = jsonFile("flags.json", BANDIT_FLAGS);
    const args = ["evaluate", "--dialect", "eppo", "--config", config];
    const line = { type: "precomputed", subjectKey: "a", ...fields };
    const [result] = parseLines((await run(args, ndjson([line]))).stdout);
    expect(result?.error).toEqual({
      code: "invalid_request",
      message: expect.stringMatching(message),
    });
  });

  it("returns no events without --events", async () => {
    const config = jsonFile("flags.json", BANDIT_FLAGS);
    const models = jsonFile("models.json", MODELS);
    const args = ["evaluate", "--dialect", "eppo", "--config", config, "--bandits", models];
    const request = { type: "bandit", flag: "all", subjectKey: "a", actions: { nike: {} } };
    const best = { type: "best-action", flag: "all", actions: { nike: {}, "10": {} } };
    const [first, second] = parseLines((await run(args, ndjson([request, best]))).stdout);
    expect(Object.keys(first ?? {})).toEqual(["id", "variation", "action", "evaluationDetails"]);
    expect(first).toMatchObject({ variation: "shoes", action: "nike" });
    expect(second).toEqual({ id: 2, action: "10" });
  });
});
