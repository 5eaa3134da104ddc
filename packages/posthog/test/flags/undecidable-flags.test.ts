import { PostHog as VendorPostHog } from "posthog-node";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { PostHog, type PostHogOptions } from "../../src/index.js";
import { FlagServer } from "../client/flag-server.js";

type Create = (options: PostHogOptions) => PostHog;
const OURS: Create = (options) => new PostHog("phc_key", options);
const THEIRS: Create = (options) => new VendorPostHog("phc_key", options as never) as never;

/** A warning, with its reason and flags. */
interface Warning {
  readonly reason: string;
  readonly flagKeys: readonly string[];
  readonly saysStrict: boolean;
}

let warn: MockInstance<typeof console.warn>;
beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => void vi.restoreAllMocks());

/** Returns the warnings of either package since the last call. */
function warnings(): readonly Warning[] {
  const calls = warn.mock.calls.map(([line, facts]) => [String(line), facts] as const);
  warn.mockClear();
  return calls.flatMap(([line, facts]): Warning[] => {
    const [, reason, keys] = /\(reason: (\w+)\): (.*?)\. /.exec(line) ?? [];
    if (reason !== undefined && keys !== undefined) {
      return [{ reason, flagKeys: keys.split(", "), saysStrict: /are left unresolved/.test(line) }];
    }
    const [, ours] =
      /^sortition: flags that local evaluation cannot decide .*: (\w+)$/.exec(line) ?? [];
    const { flagKeys = [] } = (facts ?? {}) as { readonly flagKeys?: readonly string[] };
    return ours === undefined
      ? []
      : [{ reason: ours, flagKeys, saysStrict: line.includes("have no value") }];
  });
}

function flag(key: string, properties: readonly object[] = [], more: object = {}): object {
  return { id: 1, key, active: true, filters: { groups: [{ properties }] }, ...more };
}

const COUNTRY = { key: "country", type: "person", operator: "exact", value: ["DK"] };
const ODD = { key: "country", type: "person", operator: "resembles", value: "DK" };
const STATIC = { key: "id", type: "cohort", operator: "in", value: 9 };
const NESTED = { key: "id", type: "cohort", operator: "in", value: 2 };
const on = (key: string, chain: readonly string[]) => ({
  ...{ key, type: "flag", operator: "flag_evaluates_to", value: true, dependency_chain: chain },
});

const FLAGS = [
  flag("plain", [COUNTRY]),
  flag("continuous", [], { ensure_experience_continuity: true }),
  flag("both", [ODD], { ensure_experience_continuity: true }),
  flag("odd operator", [COUNTRY, ODD]),
  flag("static cohort", [STATIC]),
  flag("static cohort in another", [NESTED]),
  flag("known cohort", [{ ...STATIC, value: 1 }]),
  flag("absent dependency", [on("none", ["none"])]),
  flag("circular dependency", [on("plain", [])]),
  flag("dependency", [on("plain", ["plain"])]),
  flag("inherited dependency", [on("constructor", ["constructor", "__proto__"])]),
  flag("of unknown groups", [], { filters: { groups: [{}], aggregation_group_type_index: 4 } }),
  flag("of a group", [], { filters: { groups: [{}], aggregation_group_type_index: 0 } }),
  flag("odd version", [{ ...COUNTRY, operator: "semver_gt", value: "new" }]),
  flag("off", [ODD], { active: false }),
  flag("of browsers", [ODD], { evaluation_runtime: "client" }),
  flag("of servers", [ODD], { evaluation_runtime: "server" }),
  flag("of another context", [ODD], { evaluation_contexts: ["mobile"] }),
];
const GROUP = (values: readonly object[]) => ({ type: "OR", values: [{ type: "AND", values }] });
const COHORTS = { 1: GROUP([COUNTRY]), 2: GROUP([COUNTRY, STATIC]) };
const UNSUPPORTED = [
  ...["odd operator", "static cohort", "static cohort in another", "absent dependency"],
  ...["circular dependency", "of unknown groups", "odd version", "of servers"],
];

function bodyOf(flags: readonly object[], cohorts: object = COHORTS): object {
  return { flags, group_type_mapping: { 0: "company" }, cohorts };
}

/** Returns the warnings after each of these loads. */
async function outcomeOf(create: Create, bodies: readonly object[], options: PostHogOptions = {}) {
  const server = new FlagServer({ definitions: bodies[0] });
  const client = create({
    fetch: server.fetch,
    personalApiKey: "phx_key",
    featureFlagsPollingInterval: null,
    ...options,
  });
  await client.waitForLocalEvaluationReady(1_000);
  await settled();
  const seen = [warnings()];
  for (const body of bodies.slice(1)) {
    server.answers = { definitions: body };
    await client.reloadFeatureFlags();
    await settled();
    seen.push(warnings());
  }
  await client.shutdown();
  return seen;
}

/** Waits, because our flags are checked in slices. */
async function settled(): Promise<void> {
  for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
}

const CONTEXTS = { evaluationContexts: ["backend"] };
const continuity = { reason: "experience_continuity", flagKeys: ["continuous", "both"] };
const unsupported = { reason: "unsupported_definition", flagKeys: UNSUPPORTED };

describe("flags that local evaluation cannot decide", () => {
  it.each([
    { because: "the server would be asked", options: CONTEXTS, saysStrict: false },
    {
      because: "they stay unresolved",
      options: { ...CONTEXTS, strictLocalEvaluation: true },
      saysStrict: true,
    },
    {
      because: "the option is about the use of snapshots",
      options: { ...CONTEXTS, featureFlagsLogWarnings: false },
      saysStrict: false,
    },
  ])(
    "are reported when they are loaded, as by the vendor: $because",
    async ({ options, saysStrict }) => {
      const body = bodyOf(FLAGS);
      const ours = await outcomeOf(OURS, [body], options);
      expect(ours).toEqual(await outcomeOf(THEIRS, [body], options));
      expect(ours).toEqual([[continuity, unsupported].map((it) => ({ ...it, saysStrict }))]);
    },
  );

  it("are reported once, until their definitions change", async () => {
    const continuous = flag("a", [], { ensure_experience_continuity: true });
    const odd = flag("b", [ODD]);
    const bodies = [
      bodyOf([continuous, odd]),
      bodyOf([continuous, odd, flag("c")]),
      bodyOf([continuous, flag("b", [ODD, COUNTRY])]),
      bodyOf([flag("b", [ODD, COUNTRY]), flag("d", [NESTED])]),
      bodyOf([continuous, flag("b", [COUNTRY])], { 2: GROUP([COUNTRY]) }),
      bodyOf([continuous, flag("b", [ODD, COUNTRY]), flag("e", [NESTED])], { 2: GROUP([COUNTRY]) }),
      bodyOf([continuous, flag("b", [ODD, COUNTRY]), flag("e", [NESTED])]),
      bodyOf([continuous, flag("b", [ODD, COUNTRY]), flag("e", [NESTED])], { 3: {}, ...COHORTS }),
    ];
    const ours = await outcomeOf(OURS, bodies);
    expect(ours).toEqual(await outcomeOf(THEIRS, bodies));
    const keys = ours.map((seen) => seen.flatMap(({ flagKeys }) => flagKeys));
    expect(keys).toEqual([["a", "b"], [], ["b"], ["d"], ["a"], ["b"], ["e"], []]);
  });

  it("are not checked without local evaluation, and cause no warning if there are none", async () => {
    const options = { enableLocalEvaluation: false };
    expect(await outcomeOf(OURS, [bodyOf(FLAGS)], options)).toEqual([[]]);
    expect(await outcomeOf(OURS, [bodyOf([flag("plain", [COUNTRY])])])).toEqual([[]]);
  });

  it("are reported despite a malformed flag, and completely for a large file", async () => {
    const many = Array.from({ length: 5_000 }, (_, i) =>
      flag(`flag-${i}`, [i % 1_000 ? COUNTRY : ODD]),
    );
    const broken = { id: 1, key: "broken", active: true, filters: { groups: [null] } };
    const server = new FlagServer({ definitions: bodyOf([broken, ...many]) });
    const client = OURS({ fetch: server.fetch, personalApiKey: "phx_key" });
    const seen: Warning[] = [];
    await vi.waitFor(() => expect(seen.push(...warnings())).toBe(1), 10_000);
    await client.shutdown();
    const flagKeys = [0, 1, 2, 3, 4].map((i) => `flag-${i * 1_000}`);
    expect(seen).toEqual([{ reason: "unsupported_definition", flagKeys, saysStrict: false }]);
    const theirs = await outcomeOf(THEIRS, [bodyOf([broken, ...many.slice(0, 1)])]);
    expect(theirs, "the vendor gives up").toEqual([[]]);
  });

  it("are no longer checked after the client was shut down", async () => {
    const many = Array.from({ length: 5_000 }, (_, i) => flag(`flag-${i}`, [ODD]));
    const server = new FlagServer({ definitions: bodyOf(many) });
    const client = OURS({ fetch: server.fetch, personalApiKey: "phx_key" });
    await client.waitForLocalEvaluationReady(1_000);
    await client.shutdown();
    await settled();
    expect(warnings()).toEqual([]);
  });
});
