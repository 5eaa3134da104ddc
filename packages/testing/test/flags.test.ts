import { createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { growthbook } from "@sortition/growthbook/dialect";
import { describe, expect, it } from "vitest";
import {
  type Condition,
  fakeClock,
  gt,
  gte,
  lte,
  matches,
  recordExposures,
  rollout,
  split,
  testFlags,
} from "../src/index.js";

describe("a boolean flag", () => {
  it.each([
    { state: "on", value: true, reason: "static" },
    { state: "off", value: false, reason: "static" },
    { state: "disabled", value: null, reason: "disabled" },
    { state: "missing", value: null, reason: "flag-not-found" },
    { state: "malformed", value: null, reason: "error" },
  ] as const)("that is $state has the reason $reason", ({ reason, state, value }) => {
    const flags = testFlags();
    const client = flags.client();
    flags.boolean("new-checkout")[state]();
    const details = client.getBooleanAssignmentDetails("new-checkout", "user-1", {}, true);
    expect(details).toMatchObject({ reason, value: value ?? true });
  });

  it("accepts true and false for its variations", () => {
    const flags = testFlags();
    flags.boolean("beta").when({ plan: "pro" }).give(true).otherwise(false);
    const client = flags.client();
    const values = ["pro", "free"].map((plan) =>
      client.getBooleanAssignment("beta", "u", { plan }, true),
    );
    expect(values).toEqual([true, false]);
  });
});

describe("a string flag", () => {
  const describeCheckout = (flags = testFlags()): typeof flags => {
    flags
      .string("test-checkout")
      .variations("fast", "standard")
      .forSubject("user-7")
      .give("standard")
      .when({ country: ["DK", "SE"], appVersion: gte("2.3.0") })
      .give("fast")
      .otherwise(split({ fast: 20, standard: 80 }));
    return flags;
  };

  it.each([
    {
      subject: "user-7",
      attributes: { country: "DK", appVersion: "2.3.0" },
      reason: "rule",
      key: "standard",
    },
    {
      subject: "user-1",
      attributes: { country: "DK", appVersion: "2.10.0" },
      reason: "rule",
      key: "fast",
    },
    {
      subject: "user-1",
      attributes: { country: "DK", appVersion: "2.2.0" },
      reason: "split",
      key: "standard",
    },
  ])(
    "assigns $key to $subject with $attributes by a $reason",
    ({ attributes, key, reason, subject }) => {
      const client = describeCheckout().client();
      const details = client.getStringAssignmentDetails(
        "test-checkout",
        subject,
        attributes,
        "none",
      );
      expect(details).toMatchObject({ reason, value: key, variationKey: key });
    },
  );

  it("logs experiments, but neither rules nor rollouts", () => {
    const flags = describeCheckout();
    flags
      .string("banner")
      .variations("a", "b")
      .otherwise(rollout({ a: 50, b: 50 }));
    const exposures = recordExposures();
    const client = flags.client({ assignmentLogger: exposures });
    client.getStringAssignment("test-checkout", "user-7", {}, "none");
    client.getStringAssignment("banner", "user-1", {}, "none");
    client.getStringAssignment("test-checkout", "user-1", {}, "none");
    expect(exposures.assignments).toMatchObject([
      { subject: "user-1", experiment: "test-checkout-otherwise" },
    ]);
  });

  it("may have values that differ from its keys", () => {
    const flags = testFlags();
    flags.string("title").variations({ short: "Buy", long: "Buy now" }).otherwise("long");
    expect(flags.client().getStringAssignment("title", "u", {}, "")).toBe("Buy now");
  });

  it("is replaced by the next description, with the same variations", () => {
    const flags = describeCheckout();
    flags.string("test-checkout").otherwise("fast");
    const client = flags.client();
    expect(client.getStringAssignment("test-checkout", "user-7", {}, "none")).toBe("fast");
  });
});

it("numbers and JSON have typed getters", () => {
  const flags = testFlags();
  flags.integer("limit").variations(10, 100).otherwise("100");
  flags.number("factor").variations({ half: 0.5 }).otherwise("half");
  flags
    .json("theme")
    .variations({ dark: { colors: ["#000"] } })
    .otherwise("dark");
  const client = flags.client();
  expect([
    client.getIntegerAssignment("limit", "u", {}, 0),
    client.getNumericAssignment("factor", "u", {}, 0),
    client.getJSONAssignment("theme", "u", {}, {}),
  ]).toEqual([100, 0.5, { colors: ["#000"] }]);
});

it("changing a value after its declaration changes no flag", () => {
  const flags = testFlags({ dialect: growthbook() });
  const dark = { colors: ["#000"] };
  flags.json("theme").variations({ dark }).otherwise("dark");
  dark.colors.push("#fff");
  expect(flags.client().getJSONAssignment("theme", "u", {}, {})).toEqual({ colors: ["#000"] });
  flags.json("theme").otherwise("dark");
  expect(flags.client().getJSONAssignment("theme", "u", {}, {})).toEqual({ colors: ["#000"] });
});

describe("a bandit", () => {
  const shares = (
    flags: ReturnType<typeof testFlags>,
    subjects: number,
  ): Record<string, number> => {
    const client = flags.client();
    const counts: Record<string, number> = {};
    for (let i = 0; i < subjects; i++) {
      const offered = ["nike", "adidas", "puma"];
      const { action } = client.getBanditAction("shoe-bandit", `user-${i}`, {}, offered, "none");
      counts[action ?? "none"] = (counts[action ?? "none"] ?? 0) + 1;
    }
    return counts;
  };

  it("chooses with the given probabilities", () => {
    const flags = testFlags();
    flags.bandit("shoe-bandit").actions({ nike: 0.7, adidas: 0.3, puma: 0 });
    const { adidas = 0, nike = 0, puma } = shares(flags, 4_000);
    expect(puma).toBeUndefined();
    // Four standard deviations: 0.029. The subjects are always the same.
    expect(Math.abs(nike / 4_000 - 0.7)).toBeLessThan(0.03);
    expect(Math.abs(adidas / 4_000 - 0.3)).toBeLessThan(0.03);
  });

  it("logs the given probability", () => {
    const flags = testFlags();
    flags.bandit("shoe-bandit").actions({ nike: 0.6, adidas: 0.25, puma: 0.15 });
    const exposures = recordExposures();
    const client = flags.client({ assignmentLogger: exposures });
    for (let i = 0; i < 50; i++) {
      client.getBanditAction("shoe-bandit", `user-${i}`, {}, ["nike", "adidas", "puma"], "none");
    }
    const found = new Map(exposures.bandits.map((it) => [it.action, it.actionProbability]));
    expect(found.get("nike")).toBeCloseTo(0.6, 12);
    expect(found.get("adidas")).toBeCloseTo(0.25, 12);
    expect(found.get("puma")).toBeCloseTo(0.15, 12);
  });

  it("chooses one action for all subjects", () => {
    const flags = testFlags();
    flags.bandit("shoe-bandit").choose("puma");
    expect(shares(flags, 400)).toEqual({ puma: 400 });
  });
});

describe("a payload", () => {
  const payload = {
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Production" },
    flags: {
      kept: {
        key: "kept",
        enabled: true,
        variationType: "STRING",
        totalShards: 10_000,
        variations: { a: { key: "a", value: "A" } },
        allocations: [{ key: "all", doLog: true, splits: [{ variationKey: "a", shards: [] }] }],
      },
    },
  };

  it("is served unchanged, and later descriptions edit it", () => {
    const flags = testFlags().set(`\n${JSON.stringify(payload)}`);
    expect(flags.payload()).toBe(`\n${JSON.stringify(payload)}`);
    flags.boolean("new").on();
    const client = flags.client();
    expect([...client.getFlagKeys()]).toEqual(["kept", "new"]);
    expect(client.getStringAssignment("kept", "u", {}, "none")).toBe("A");
  });

  it("may start with a byte order mark from an editor", () => {
    const flags = testFlags().set(`\ufeff${JSON.stringify(payload)}`);
    expect(flags.payload()).toBe(JSON.stringify(payload));
    expect(flags.client().getStringAssignment("kept", "u", {}, "none")).toBe("A");
  });

  it("changes nothing if it is unusable", () => {
    const flags = testFlags();
    flags.boolean("new").on();
    expect(() => flags.set("{")).toThrow(/^flags\.set: expected JSON/);
    expect(() => flags.set("[]")).toThrow(expect.objectContaining({ code: "SORTITION_DECODE" }));
    expect(flags.client().getBooleanAssignment("new", "u", {}, false)).toBe(true);
  });

  it("has the parts of its dialect", () => {
    expect(() => testFlags().payload("cohorts")).toThrow(
      'flags.payload: expected one of flags, bandits, received "cohorts"',
    );
  });
});

describe("a change", () => {
  it("is one update of every client, in the same turn", () => {
    const flags = testFlags();
    const clients = [
      flags.client(),
      createClient({ dialect: eppo(), source: flags, assignmentLogger: null }),
    ];
    const updates: unknown[] = [];
    for (const client of clients)
      client.on("configuration-changed", ({ flagsChanged }) => updates.push(flagsChanged));
    flags.boolean("new").on();
    expect(clients.map((it) => it.getBooleanAssignment("new", "u", {}, false))).toEqual([
      true,
      true,
    ]);
    const added = { added: ["new"], changed: [], removed: [] };
    expect(updates).toEqual([added, added]);
  });

  it("does not reach forks or the original of a fork", () => {
    const flags = testFlags();
    flags.boolean("a").on();
    const fork = flags.fork();
    fork.boolean("a").off();
    flags.boolean("b").on();
    const values = [flags, fork].map((it) => {
      const client = it.client();
      return [
        client.getBooleanAssignment("a", "u", {}, true),
        client.getBooleanAssignment("b", "u", {}, false),
      ];
    });
    expect(values).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  it("does not reach closed clients", async () => {
    const flags = testFlags();
    const client = flags.client();
    await client.close();
    flags.boolean("a").on();
    expect([...client.getFlagKeys()]).toEqual([]);
  });
});

describe("a failing server", () => {
  it("appears in the client's status, and delays changes until it recovers", async () => {
    const clock = fakeClock();
    const flags = testFlags();
    const client = flags.client({ clock });
    flags.fail(503);
    flags.boolean("a").on();
    expect(client.status.lastError).toMatchObject({ httpStatus: 503 });
    expect(await client.refresh()).toMatchObject({ outcome: "failed" });
    expect(client.getBooleanAssignment("a", "u", {}, false)).toBe(false);
    flags.recover();
    expect(client.getBooleanAssignment("a", "u", {}, false)).toBe(true);
    expect(client.status.consecutiveFailures).toBe(0);
  });

  it("leaves a new client without a configuration", async () => {
    const client = testFlags().fail(401).client();
    expect(await client.waitForInitialization()).toMatchObject({ ready: false });
    expect(client.status.lastError).toMatchObject({ code: "SORTITION_UNAUTHORIZED" });
  });

  it("confirms the clients' configuration when it recovers", () => {
    const flags = testFlags();
    const client = flags.client();
    let updates = 0;
    client.on("configuration-changed", () => updates++);
    flags.fail().recover();
    expect([updates, client.status.consecutiveFailures]).toEqual([0, 0]);
  });
});

describe("bad input", () => {
  const flags = testFlags();
  flags.string("known").variations("a", "b").otherwise("a");
  const known = () => flags.string("known");
  const add = (type: "boolean" | "string", ...args: readonly unknown[]) =>
    (flags[type] as (...args: readonly unknown[]) => unknown).call(flags, ...args);
  const cyclic: { self?: object } = {};
  cyclic.self = { self: cyclic };

  it.each([
    [
      () => known().otherwise("c"),
      'flags.string("known").otherwise("c"): expected one of "a", "b", received "c"',
    ],
    [
      () => flags.string("x").otherwise("c"),
      'flags.string("x").otherwise("c"): expected variations to be declared first: write .variations("c")',
    ],
    [
      () => known().otherwise(split({ a: 10, c: 5 })),
      'flags.string("known").otherwise(split(…)): expected one of "a", "b", received "c"',
    ],
    [
      () => known().otherwise("a").otherwise("b"),
      'flags.string("known").otherwise("b"): expected a single `otherwise`, but this flag already has one',
    ],
    [
      () => split({ a: 60, b: 60 }),
      'split: expected shares that add up to 100% or less, received {"a":60,"b":60}',
    ],
    [
      () => flags.string("x").variations(["a", "b"] as never),
      'flags.string("x").variations(["a","b"]): is a list: write variations("a", "b")',
    ],
    [() => rollout({ a: -1 }), 'rollout.a: expected a share of 0 or more, received {"a":-1}'],
    [() => split({}), "split: expected shares by variation, received {}"],
    [
      () => flags.boolean("known"),
      'flags.boolean("known"): expected another key, because flags.string already uses this one',
    ],
    [
      () => add("boolean", "a", true),
      'flags.boolean("a", true): expected only the key: write flags.boolean("a").on()',
    ],
    [
      () => add("string", "a", "x"),
      'flags.string("a", "x"): expected only the key: write flags.string("a").variations("x").otherwise("x")',
    ],
    [
      () => testFlags({ "new-ui": true } as never),
      'new-ui: unknown option; to add a flag, write flags.boolean("new-ui").on()',
    ],
    [
      () => flags.string("known").when((() => true) as never),
      'expected conditions by attribute, such as { country: "DK" }',
    ],
    [() => flags.boolean(""), "flags.boolean: expected the key of a flag, received "],
    [
      () => flags.integer("n").variations(1.5),
      'flags.integer("n").variations(1.5): 1.5: expected a value of type integer, received 1.5',
    ],
    [
      () => flags.string("x").variations("a", "a"),
      'flags.string("x").variations("a", "a"): expected different keys',
    ],
    [() => known().when({}), 'flags.string("known").when({}): expected conditions by attribute'],
    [
      () => known().when({ plan: null as unknown as Condition }),
      'flags.string("known").when({"plan":null}): plan: expected a value, a list of values or a test',
    ],
    [() => known().forSubject(), 'flags.string("known").forSubject(): expected subject keys'],
    [() => gt("2.x"), 'gt: expected a number or a version, received "2.x"'],
    [() => lte(Number.NaN), "lte: expected a number or a version, received null"],
    [() => matches(/a/i), "matches: expected a pattern without flags, received /a/i"],
    [
      () => flags.bandit("b").actions({ x: 0.5 }),
      'flags.bandit("b").actions({"x":0.5}): expected probabilities that add up to 1, received 0.5',
    ],
    [
      () => flags.bandit("b").actions({ x: 0.5, y: 0.4, z: 0.1 }),
      'flags.bandit("b").actions({"x":0.5,"y":0.4,"z":0.1}): Eppo cannot give "y" the probability 0.4, because only the best of 3 actions can exceed 1/3',
    ],
    [
      () => known().otherwise(split({ a: 0.001 })),
      'flags.string("known").otherwise(split(…)): Eppo cannot express 0.001%, because it has 10000 shards',
    ],
    [() => testFlags({ explainer: 1 as never }), "explainer: expected an object, got 1"],
    [
      () => known().otherwise(1n as never),
      'flags.string("known").otherwise(1n): expected one of "a", "b", received 1n',
    ],
    [
      () => flags.json("x").variations({ a: { sizes: [1n] } as never }),
      'flags.json("x").variations({"a":{"sizes":["1n"]}}): a.sizes.0: expected a JSON value, received a bigint',
    ],
    [
      () => flags.json("x").variations({ a: { onClick() {} } as never }),
      'flags.json("x").variations({"a":{"onClick":"a function"}}): a.onClick: expected a JSON value, received a function',
    ],
    [
      () => flags.json("x").variations({ a: { id: Symbol("s") } as never }),
      'flags.json("x").variations({"a":{"id":"Symbol(s)"}}): a.id: expected a JSON value, received a symbol',
    ],
    [
      () => flags.json("x").variations({ a: cyclic as never }),
      'flags.json("x").variations(an object without a JSON form): a.self.self: expected a JSON value, received one of its owners',
    ],
    [
      () => flags.set({ "new-ui": true }),
      'flags.set: got values, not a payload: write flags.boolean("new-ui").on()',
    ],
    [
      () => flags.set(undefined as never),
      "flags.set: $: expected a JSON value, received undefined",
    ],
    [
      () => flags.set({ flags: { x: { key: "x", totalShards: 10_000n } } }),
      "flags.set: $.flags.x.totalShards: expected a JSON value, received a bigint",
    ],
    [() => flags.set({ flags: cyclic }), "flags.set: $.flags.self.self: expected a JSON value"],
    [
      () => split({ a: 1n as never }),
      'split.a: expected a share of 0 or more, received {"a":"1n"}',
    ],
    [() => gt(1n as never), "gt: expected a number or a version, received 1n"],
    [
      () => flags.bandit("b").actions({ x: 1n as never }),
      'flags.bandit("b").actions({"x":"1n"}): x: expected a probability of 0 or more',
    ],
  ] as const)("%# is rejected", (call, message) => {
    const before = flags.payload();
    expect(call).toThrow(message);
    expect(call).toThrow(expect.objectContaining({ code: "SORTITION_OPTION" }));
    expect(flags.payload()).toBe(before);
  });
});

describe("recorded exposures", () => {
  it("are found by flag, cleared, and awaited", async () => {
    const flags = testFlags();
    flags
      .string("a")
      .variations("x")
      .otherwise(split({ x: 100 }));
    flags.bandit("b").choose("act");
    const exposures = recordExposures();
    const client = flags.client({ assignmentLogger: exposures });
    const next = exposures.next();
    client.getStringAssignment("a", "u", {}, "none");
    client.getBanditAction("b", "u", {}, ["act"], "none");
    expect(await next).toMatchObject({ featureFlag: "a" });
    expect(exposures.of("a")).toHaveLength(1);
    expect(exposures.bandits).toMatchObject([{ action: "act" }]);
    exposures.clear();
    expect([exposures.assignments, exposures.bandits]).toEqual([[], []]);
  });
});
