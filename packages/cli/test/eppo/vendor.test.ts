import { getInstance, type IAssignmentEvent } from "@eppo/node-server-sdk";
import { seededRandom } from "@sortition/test-kit";
import { describe, expect, it, vi } from "vitest";
import { jsonFile, ndjson, parseLines, run } from "../run.js";
import { VARIED } from "./eppo-config.js";
import { comparable, useVendor } from "./vendor-sdk.js";

const SEED = 20_260_201;
const LINES = 600;
const METHODS = {
  boolean: "getBooleanAssignmentDetails",
  integer: "getIntegerAssignmentDetails",
  numeric: "getNumericAssignmentDetails",
  string: "getStringAssignmentDetails",
  json: "getJSONAssignmentDetails",
} as const;

// The SDK's logger reads this when it is imported.
vi.hoisted(() => vi.stubEnv("LOG_LEVEL", "silent"));

interface Request {
  readonly type: keyof typeof METHODS;
  readonly flag: string;
  readonly subjectKey: string;
  readonly subjectAttributes?: Record<string, string | number | boolean | null> | null;
  readonly default?: unknown;
  readonly overrides?: Record<string, { key: string; value: string | number | boolean }>;
  readonly now: number;
}

function generateRequests(): readonly Request[] {
  const random = seededRandom(SEED);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const sometimes = <T extends object>(part: T): T | object => (random() < 0.4 ? part : {});
  const flags = Object.keys((VARIED as { flags: object }).flags);
  const typeOf = new Map(
    Object.values(
      (VARIED as { flags: Record<string, { key: string; variationType: string }> }).flags,
    ).map((flag) => [flag.key, flag.variationType.toLowerCase() as Request["type"]]),
  );
  return Array.from({ length: LINES }, () => {
    const flag = pick([...flags, "unknown"]);
    const other = pick(Object.keys(METHODS) as Request["type"][]);
    return {
      type: random() < 0.85 ? (typeOf.get(flag) ?? other) : other,
      flag,
      subjectKey: pick(["", " ", "ü", "user-1", "user-2", "user-3", "user-4", "user-5", "\ud800"]),
      now: Date.UTC(2026, 0, 15) + Math.floor(random() * 60) * 86_400_000,
      ...sometimes({
        subjectAttributes: pick([
          null,
          {},
          { country: "DK", age: 31 },
          { country: "DK", v: "1.9.0" },
          { age: "30", country: null },
          { v: "2.0.0-rc.1", age: true },
        ]),
      }),
      ...sometimes({
        default: pick([null, true, 3, "text", '{"a":1}', "null", "[", ["x"], { a: null }, ""]),
      }),
      ...(random() < 0.1
        ? { overrides: { [flag]: { key: "o", value: pick(["{", "null", '["y"]', 5, false]) } } }
        : {}),
    };
  });
}

/** Returns the result of the vendor's SDK, as a result line. */
function askVendor(
  { type, flag, subjectKey, subjectAttributes, overrides, now, default: givenDefault }: Request,
  events: IAssignmentEvent[],
): object {
  vi.setSystemTime(now);
  events.length = 0;
  const client = overrides === undefined ? getInstance() : getInstance().withOverrides(overrides);
  try {
    // The SDK's types are narrower than the values that it accepts.
    const { variation, evaluationDetails } = client[METHODS[type]](
      flag,
      subjectKey,
      subjectAttributes as never,
      (givenDefault ?? null) as never,
    );
    return { value: variation, evaluationDetails, event: events[0] ?? null };
  } catch (error) {
    return { throws: (error as Error).name };
  }
}

/** Matches descriptions that end with a message of the JavaScript engine. */
const ENGINE_TEXT = /^(Assignment Error: )(?!Invalid argument).*/;

describe(`sortition evaluate (seed ${SEED})`, () => {
  const requests = generateRequests();
  const events: IAssignmentEvent[] = [];

  useVendor(
    { kind: "answer", body: JSON.stringify(VARIED) },
    { assignmentLogger: { logAssignment: (event) => void events.push(event) } },
  );

  it.each([
    { dedupe: "none", prepare: () => getInstance().disableAssignmentCache() },
    { dedupe: "lru:7", prepare: () => getInstance().useLRUInMemoryAssignmentCache(7) },
    {
      dedupe: "non-expiring",
      prepare: () => getInstance().useNonExpiringInMemoryAssignmentCache(),
    },
  ])(
    `evaluates ${LINES} generated lines like the vendor's SDK with --dedupe $dedupe`,
    async ({ dedupe, prepare }) => {
      prepare();
      const expected = requests.map((request) =>
        comparable(askVendor(request, events), ENGINE_TEXT),
      );
      const config = jsonFile("vendor.json", VARIED);
      const args = ["evaluate", "--dialect", "eppo", "--config", config, "--events"];
      const { stdout } = await run([...args, "--dedupe", dedupe], ndjson(requests));
      const results = parseLines(stdout).map((line) => comparable(line, ENGINE_TEXT));
      for (const [i, request] of requests.entries()) {
        expect({ request, result: results[i] }).toEqual({ request, result: expected[i] });
      }
      const count = (test: (result: string) => boolean): number =>
        results.filter((result) => test(JSON.stringify(result))).length;
      expect(count((it) => it.includes('"throws"'))).toBeGreaterThan(0);
      expect(count((it) => it.includes('"event":{'))).toBeGreaterThan(10);
      expect(count((it) => it.includes("Flag override applied"))).toBeGreaterThan(10);
    },
  );
});
