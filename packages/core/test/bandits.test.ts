import { describe, expect, it, vi } from "vitest";
import { withEppoNodeEventNames } from "../src/eppo.js";
import {
  type AssignmentEvent,
  type BanditEvent,
  type ClientOptions,
  EvaluationError,
  type ObservedEvaluation,
} from "../src/index.js";
import { Configuration, createClient } from "./eppo-client.js";

/** Placeholder for a number that is valid JSON but that `JSON.stringify` cannot write. */
const INFINITE = "infinite";
const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

const numeric = (attributeKey: string, coefficient: number) => [
  { attributeKey, coefficient, missingValueCoefficient: -1 },
];

const shoe = (actionKey: string, intercept: number) => ({
  actionKey,
  intercept,
  subjectNumericCoefficients: numeric("age", 0.1),
  subjectCategoricalCoefficients: [],
  actionNumericCoefficients: numeric("price", -0.01),
  actionCategoricalCoefficients: [],
});

const model = (overrides: object = {}) => ({
  banditKey: "shoe-bandit",
  modelName: "falcon",
  modelVersion: "v123",
  modelData: {
    gamma: 1,
    defaultActionScore: 0,
    actionProbabilityFloor: 0.1,
    coefficients: { nike: shoe("nike", 5), adidas: shoe("adidas", 1) },
    ...overrides,
  },
});

const reference = {
  key: "shoe-bandit",
  flagKey: "shoes",
  variationKey: "bandit",
  variationValue: "bandit",
};

function configuration(banditModel: object = model(), flag: object = {}): Configuration {
  return Configuration.from({
    flagsConfiguration: JSON.stringify({
      createdAt: "2026-01-01T00:00:00.000Z",
      format: "SERVER",
      environment: { name: "Test" },
      flags: {
        shoes: {
          key: "shoes",
          enabled: true,
          variationType: "STRING",
          totalShards: 10_000,
          variations: { bandit: { key: "bandit", value: "bandit" } },
          allocations: [
            { key: "all", doLog: true, splits: [{ variationKey: "bandit", shards: [] }] },
          ],
          ...flag,
        },
      },
      banditReferences: { "shoe-bandit": { modelVersion: "v123", flagVariations: [reference] } },
    }),
    banditsConfiguration: JSON.stringify({ bandits: { "shoe-bandit": banditModel } }).replace(
      `"${INFINITE}"`,
      "1e999",
    ),
    fetchedAtMs: NOW_MS,
  });
}

function createAsked(options: ClientOptions = {}) {
  const events: (AssignmentEvent | BanditEvent)[] = [];
  const client = createClient({
    initialConfiguration: configuration(),
    assignmentLogger: {
      logAssignment: (event) => void events.push(event),
      logBanditAction: (event) => void events.push(event),
    },
    clock: { now: () => NOW_MS },
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
    ...options,
  });
  return { client, events };
}

const SUBJECT = { age: 30, country: "DK" };
const SHOES = { nike: { price: 90 }, adidas: { price: 70 } };

describe("a bandit action", () => {
  it("is logged after its assignment, under the names of the documentation", () => {
    const { client, events } = createAsked();
    const { variation, action } = client.getBanditAction(
      "shoes",
      "alice",
      SUBJECT,
      SHOES,
      "default",
    );
    expect({ variation, action }).toEqual({ variation: "bandit", action: "nike" });
    expect(events.map((event) => "banditKey" in event)).toEqual([false, true]);
    // 5 + 0.1·30 − 0.01·90 = 7.1 and 1 + 3 − 0.7 = 3.3: the other one weighs 1 / (2 + 3.8).
    expect(events[1]).toEqual({
      timestamp: "2026-01-02T03:04:05.678Z",
      flagKey: "shoes",
      banditKey: "shoe-bandit",
      subject: "alice",
      action: "nike",
      actionProbability: expect.closeTo(1 - 1 / 5.8, 12),
      optimalityGap: 0,
      modelVersion: "v123",
      subjectNumericAttributes: { age: 30 },
      subjectCategoricalAttributes: { country: "DK" },
      actionNumericAttributes: { price: 90 },
      actionCategoricalAttributes: {},
      metaData: expect.objectContaining({ obfuscated: false }),
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(events[0]).toHaveProperty("subjectAttributes", SUBJECT);
  });

  it("is the same for the same subject, and logged only once while it is remembered", () => {
    const { client, events } = createAsked();
    const asked = () => client.getBanditActionDetails("shoes", "alice", SUBJECT, SHOES, "x");
    const first = asked();
    const second = asked();
    expect(second.action).toBe(first.action);
    expect(first.banditExposure.logged).toBe(true);
    expect(second.exposure.reason).toBe("deduplicated");
    expect(second.banditExposure.reason).toBe("deduplicated");
    expect(events).toHaveLength(2);
  });

  it("has details that name bandit and action, even in events with details", () => {
    const { client, events } = createAsked({ exposures: { includeEvaluationDetails: true } });
    const { evaluationDetails, reason } = client.getBanditActionDetails(
      "shoes",
      "alice",
      SUBJECT,
      SHOES,
      "x",
    );
    expect(reason).toBe("static");
    expect(evaluationDetails).toMatchObject({
      flagEvaluationCode: "MATCH",
      variationValue: "bandit",
      banditKey: "shoe-bandit",
      banditAction: "nike",
    });
    for (const event of events) expect(event.evaluationDetails).toBe(evaluationDetails);
    events.splice(0);
    client.getBanditAction("shoes", "bob", SUBJECT, SHOES, "x");
    expect(events[1]?.evaluationDetails).toMatchObject({ banditKey: "shoe-bandit" });
  });

  it("is null without actions, which is not an error", () => {
    const { client, events } = createAsked();
    const details = client.getBanditActionDetails("shoes", "alice", SUBJECT, [], "x");
    expect(details).toMatchObject({
      variation: "bandit",
      action: null,
      isDefault: false,
      banditExposure: { logged: false, reason: "default" },
      evaluationDetails: {
        flagEvaluationCode: "MATCH",
        banditKey: "shoe-bandit",
        banditAction: null,
      },
    });
    expect(events).toHaveLength(1);
  });

  it("is chosen if the default is the variation of the bandit", () => {
    const { client, events } = createAsked({
      initialConfiguration: configuration(model(), { enabled: false }),
    });
    const details = client.getBanditActionDetails("shoes", "alice", SUBJECT, SHOES, "bandit");
    expect(details).toMatchObject({ action: "nike", reason: "disabled" });
    expect(events.map((event) => "banditKey" in event)).toEqual([true]);
    expect(client.getBanditAction("shoes", "alice", SUBJECT, SHOES, "x").action).toBeNull();
  });

  it("is null before the first configuration", () => {
    const { client } = createAsked({ initialConfiguration: undefined });
    const details = client.getBanditActionDetails("shoes", "alice", SUBJECT, SHOES, "bandit");
    expect(details).toMatchObject({ variation: "bandit", action: null, reason: "not-initialized" });
    expect(client.getBestAction("shoes", SUBJECT, SHOES, "x")).toBe("x");
  });

  it("comes from one configuration, even if a logger replaces it in between", () => {
    const { client, events } = createAsked();
    const swapping = createAsked({
      assignmentLogger: {
        logAssignment: () => swapping.client.setConfiguration(configuration({}, {})),
        logBanditAction: (event) => void events.push(event),
      },
    });
    expect(client).not.toBe(swapping.client);
    expect(swapping.client.getBanditAction("shoes", "alice", SUBJECT, SHOES, "x").action).toBe(
      "nike",
    );
    expect(events).toHaveLength(1);
  });

  it("is passed to the vendor's loggers under the vendor's names", () => {
    const given: object[] = [];
    class Logger {
      logAssignment(event: object): void {
        given.push(event);
      }
      logBanditAction(event: object): void {
        given.push(event);
      }
    }
    const { client } = createAsked({ assignmentLogger: withEppoNodeEventNames(new Logger()) });
    client.getBanditAction("shoes", "alice", SUBJECT, SHOES, "x");
    expect(given[0]).toMatchObject({ featureFlag: "shoes", variation: "bandit" });
    expect(given[1]).toMatchObject({ featureFlag: "shoes", bandit: "shoe-bandit", action: "nike" });
    expect(given[1]).not.toHaveProperty("banditKey");
    expect(given[1]).not.toHaveProperty("flagKey");
  });

  it.each([
    {},
    { name: "own" },
    { owned: true },
    { flush: () => "flushed" },
    { close: () => "closed" },
    { stats: () => ({ failed: 3 }) },
  ])("leaves the members of the vendor's logger as they are: %o", (members) => {
    const wrapped = withEppoNodeEventNames({ logAssignment() {}, ...members } as never);
    const { logAssignment: _, ...others } = wrapped;
    const read = (it: object) =>
      Object.entries(it).map(([name, value]) => [
        name,
        typeof value === "function" ? value() : value,
      ]);
    expect(read(others)).toEqual(read(members));
  });
});

describe("onEvaluation", () => {
  it("receives a bandit call once, with the action", () => {
    const seen: ObservedEvaluation[] = [];
    const { client } = createAsked({ onEvaluation: (evaluation) => void seen.push(evaluation) });
    client.getBanditAction("shoes", "alice", SUBJECT, SHOES, "x");
    client.getBanditActionDetails("shoes", "alice", SUBJECT, [], "x");
    client.getBestAction("shoes", SUBJECT, SHOES, "x");
    const expected = { flagKey: "shoes", value: "bandit", variation: "bandit", isDefault: false };
    expect(seen).toMatchObject([
      { ...expected, action: "nike", isExposure: true },
      { ...expected, action: null, isExposure: true },
    ]);
  });
});

describe("a bandit that fails", () => {
  const broken = configuration({ ...model(), modelData: null });

  it("returns the variation without an action, and details that report it", () => {
    const { client, events } = createAsked({ initialConfiguration: broken });
    const details = client.getBanditActionDetails("shoes", "alice", SUBJECT, SHOES, "x");
    expect(details).toMatchObject({
      variation: "bandit",
      action: null,
      reason: "error",
      errorCode: "SORTITION_EVALUATION",
      evaluationDetails: {
        flagEvaluationCode: "BANDIT_ERROR",
        flagEvaluationDescription: expect.stringMatching(/^Error evaluating bandit action: /),
        banditKey: "shoe-bandit",
        banditAction: null,
      },
    });
    expect(events).toHaveLength(1);
    expect(client.getBestAction("shoes", SUBJECT, SHOES, "x")).toBe("x");
  });

  it("throws in strict mode after the assignment was logged", () => {
    const { client, events } = createAsked({ initialConfiguration: broken, isGracefulMode: false });
    const ask = () => client.getBanditAction("shoes", "alice", SUBJECT, SHOES, "x");
    expect(ask).toThrow(EvaluationError);
    expect(events).toHaveLength(1);
    expect(() => client.getBestAction("shoes", SUBJECT, SHOES, "x")).toThrow(EvaluationError);
  });

  it.each([
    { isGracefulMode: true, value: "bandit" },
    { isGracefulMode: false, value: undefined },
  ])(
    "is observed in graceful mode $isGracefulMode, even before it throws",
    ({ isGracefulMode, value }) => {
      const seen: ObservedEvaluation[] = [];
      const { client } = createAsked({
        initialConfiguration: broken,
        isGracefulMode,
        onEvaluation: (evaluation) => void seen.push(evaluation),
      });
      const ask = () => client.getBanditAction("shoes", "alice", SUBJECT, SHOES, "x");
      if (isGracefulMode) ask();
      else expect(ask).toThrow(EvaluationError);
      const errorCode = "SORTITION_EVALUATION";
      const expected = { flagKey: "shoes", value, variation: "bandit", action: null, errorCode };
      expect(seen).toMatchObject([{ ...expected, reason: "error", isExposure: true }]);
    },
  );

  it("reports that no action was selected if weights are NaN", () => {
    // Two infinite scores have no gap.
    const infinite = configuration(model({ coefficients: {}, defaultActionScore: INFINITE }));
    const { client } = createAsked({ initialConfiguration: infinite });
    const details = client.getBanditActionDetails("shoes", "alice", SUBJECT, ["a", "b"], "x");
    expect(details).toMatchObject({
      action: null,
      evaluationDetails: {
        flagEvaluationDescription:
          'Error evaluating bandit action: No bandit action selected for flag "shoes" and subject "alice"',
      },
    });
  });

  it("does not throw when an attribute does", () => {
    const { client } = createAsked();
    const hostile = {
      numericAttributes: {
        get age(): number {
          throw new Error("no age");
        },
      },
      categoricalAttributes: {},
    };
    const details = client.getBanditActionDetails("shoes", "alice", hostile, SHOES, "x");
    expect(details).toMatchObject({
      variation: "x",
      action: null,
      reason: "error",
      errorCode: "SORTITION_EVALUATION",
    });
  });
});

describe("a compiled bandit", () => {
  const bandit = configuration().bandits?.behind("shoes", "bandit");

  it("returns weights for the actions that it draws from", () => {
    expect(bandit?.weighed(SUBJECT, SHOES)).toEqual([
      { action: "nike", score: expect.closeTo(7.1, 12), weight: expect.closeTo(1 - 1 / 5.8, 12) },
      { action: "adidas", score: expect.closeTo(3.3, 12), weight: expect.closeTo(1 / 5.8, 12) },
    ]);
    expect(bandit?.weighed(SUBJECT, [])).toEqual([]);
  });

  it("fails with a broken model as soon as there is something to weigh", () => {
    const broken = configuration({ ...model(), modelData: null }).bandits?.behind(
      "shoes",
      "bandit",
    );
    expect(broken?.weighed(SUBJECT, [])).toEqual([]);
    expect(() => broken?.weighed(SUBJECT, SHOES)).toThrow("modelData");
  });
});

it("choices that no logger receives are reported", () => {
  const warn = vi.fn();
  const diagnostics = { debug() {}, info() {}, error() {}, warn };
  const { client } = createAsked({ diagnostics, assignmentLogger: { logAssignment() {} } });
  client.getBanditAction("shoes", "alice", SUBJECT, SHOES, "x");
  expect(warn.mock.calls[0]?.[0]).toBe(
    "choices of bandits are not logged, so bandits cannot learn: give assignmentLogger a method logBanditAction",
  );
});

describe("actions that are a list", () => {
  it.each([
    {
      actions: [{ name: "nike" }],
      text: "actions are a list of objects, which have no names: pass",
    },
    { actions: ["nike", "adidas"], text: null },
    { actions: [], text: null },
    { actions: SHOES, text: null },
  ])("are reported once if they have no names: $actions", ({ actions, text }) => {
    const warnings: string[] = [];
    const diagnostics = {
      ...{ debug() {}, info() {}, error() {} },
      warn: (it: string) => void warnings.push(it),
    };
    const { client } = createAsked({ diagnostics });
    for (let i = 0; i < 2; i++) {
      client.getBanditAction("shoes", "alice", SUBJECT, actions as never, "x");
      client.getBestAction("shoes", SUBJECT, actions as never, "x");
    }
    expect(warnings).toEqual(text === null ? [] : [expect.stringContaining(text)]);
  });
});
