// Each bandit has one unusual member, and each call one unusual attribute, so nothing else can hide a difference.
import { unexplainedOf } from "@sortition/dialect-kit/differential";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { compareOutcomes } from "../outcome.js";
import { NOON_MS } from "../windows.js";
import type { BanditCall } from "./calls.js";
import { DELIBERATE } from "./deliberate.js";
import { askVendor, createOurs } from "./plan.js";
import { BanditVendor } from "./vendor.js";

const METHODS = ["getBanditAction", "getBanditActionDetails", "getBestAction"] as const;
const ODD = [0, -0, 1, -1.5, 1e21, "", "1", "DK", true, false, null, undefined, [], ["DK"], {}];

beforeAll(() => vi.useFakeTimers({ now: NOON_MS, toFake: ["Date"] }));
afterAll(() => vi.useRealTimers());

function coefficientsOf(actionKey: string, intercept: number): object {
  const numeric = { coefficient: 0.5, missingValueCoefficient: -0.25 };
  const categorical = {
    valueCoefficients: { DK: 2, true: 1, "1": 0.5 },
    missingValueCoefficient: 0.75,
  };
  return {
    ...{ actionKey, intercept },
    subjectNumericCoefficients: [{ attributeKey: "n", ...numeric }],
    subjectCategoricalCoefficients: [{ attributeKey: "c", ...categorical }],
    actionNumericCoefficients: [{ attributeKey: "n", ...numeric }],
    actionCategoricalCoefficients: [{ attributeKey: "c", ...categorical }],
  };
}

/** Returns the calls for which result, details or events differ. */
async function differences(
  calls: readonly Pick<BanditCall, "subject" | "actions">[],
  { flag = {}, model = {}, data = {} }: { flag?: object; model?: object; data?: object } = {},
): Promise<unknown[]> {
  const allocation = {
    key: "a",
    rules: [],
    splits: [{ shards: [], variationKey: "arm" }],
    doLog: true,
    ...flag,
  };
  const flagsText = JSON.stringify({
    createdAt: "2026-01-01T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: {
      f: {
        ...{ key: "f", enabled: true, variationType: "STRING", totalShards: 10_000 },
        variations: { arm: { key: "arm", value: "arm" } },
        allocations: [allocation],
      },
    },
    banditReferences: {
      b: {
        modelVersion: "v1",
        flagVariations: [
          ...[{ key: "b", flagKey: "f", variationKey: "arm", variationValue: "arm" }],
        ],
      },
    },
  });
  const modelData = {
    ...{ gamma: 1, defaultActionScore: 0.1, actionProbabilityFloor: 0.05 },
    coefficients: { nike: coefficientsOf("nike", 1), puma: coefficientsOf("puma", 0.5) },
    ...data,
  };
  const modelsText = JSON.stringify({
    bandits: {
      b: {
        ...{ banditKey: "b", modelName: "falcon", modelVersion: "v1" },
        ...{ updatedAt: "2026-01-01T00:00:00.000Z", modelData, ...model },
      },
    },
  });
  const vendor = new BanditVendor();
  await vendor.load(flagsText, modelsText);
  const ours = createOurs({ flagsText, modelsText, flags: [], models: [] }, false);
  const found: unknown[] = [];
  for (const it of calls) {
    for (const method of METHODS) {
      const call: BanditCall = {
        ...{ method, flag: null, flagKey: "f", subjectKey: "alice", defaultValue: "default" },
        ...{ overrides: null, edges: [], ...it },
      };
      const both = { call, ours: ours(call), vendor: askVendor(vendor, call), edges: [] };
      const compared = compareOutcomes(both.ours, both.vendor);
      const left = unexplainedOf(compared, both, DELIBERATE, new Map());
      if (left.length > 0) found.push({ method, flag, model, data, ...it, left });
    }
  }
  return found;
}

it("writes each attribute of subjects and actions to the events like the vendor", async () => {
  const calls = ODD.flatMap((n) =>
    ODD.flatMap((c) => {
      const contextual = { numericAttributes: { n }, categoricalAttributes: { c } };
      const plain = { numericAttributes: {}, categoricalAttributes: {} };
      return [
        { subject: { n, c }, actions: { nike: { n, c }, puma: {} } },
        { subject: contextual, actions: { nike: contextual, puma: plain } },
      ];
    }),
  );
  const lists = [[], ["nike"], ["puma", "nike"], ["other"], ["nike", "nike", "other"], {}];
  const listed = lists.map((actions) => ({ subject: {}, actions }));
  expect(await differences([...calls, ...listed])).toEqual([]);
});

it("writes each member of a model and its flag to the events like the vendor", async () => {
  const actions = { nike: { n: 1, c: "DK" }, puma: { n: 3 }, other: {} };
  const calls = [0, 1, 25, undefined].map((n) => ({ subject: { n, c: "DK" }, actions }));
  const values = [0, 0.1, 0.5, 1, 2, -1, 1e9, "1", "x", true, null, [], ["1"]];
  const texts = ["", "v2", " v ", "ü"];
  const changes = [
    ...texts.flatMap((it) => [{ model: { modelVersion: it } }, { model: { modelName: it } }]),
    ...values.flatMap((it) =>
      ["gamma", "defaultActionScore", "actionProbabilityFloor"].map((name) => ({
        data: { [name]: it },
      })),
    ),
    { data: { coefficients: {} } },
    ...[
      { intercept: "1" },
      { intercept: null },
      {
        subjectNumericCoefficients: [
          { attributeKey: "n", coefficient: "2", missingValueCoefficient: 0 },
        ],
      },
      {
        subjectCategoricalCoefficients: [
          { attributeKey: "c", valueCoefficients: { DK: "4" }, missingValueCoefficient: 8 },
        ],
      },
    ].map((it) => ({ data: { coefficients: { nike: { ...coefficientsOf("nike", 1), ...it } } } })),
    ...[true, false].map((doLog) => ({ flag: { doLog } })),
    ...texts.map((key) => ({ flag: { key } })),
  ];
  for (const it of changes) expect(await differences(calls, it)).toEqual([]);
});
