import { isInPart } from "@sortition/test-kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EvaluationDetails } from "../src/eppo.js";
import { type Client, EvaluationError } from "../src/index.js";
import { Configuration, createClient } from "./eppo-client.js";

/** Creates values of every kind in JavaScript. They are new each time, because a call may change or consume them. */
const KINDS: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  zero: () => 0,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  BigInt: () => 5n,
  "empty string": () => "",
  "known flag": () => "flag",
  "known bandit": () => "shoes",
  "unknown key": () => "unknown",
  "lone surrogate": () => "\ud800",
  symbol: () => Symbol("s"),
  function: () => () => "x",
  "function that throws": () => thrower,
  class: () => class {},
  "empty object": () => ({}),
  "object without prototype": () => Object.create(null),
  "object whose toString throws": () => ({ toString: thrower }),
  "object whose toString returns an object": () => ({ toString: () => ({}), valueOf: () => ({}) }),
  "object whose toString throws a revoked proxy": () => ({
    toString: () => {
      throw revokedProxy();
    },
  }),
  "object whose toJSON throws": () => ({ toJSON: thrower }),
  "object with getters that throw": () =>
    Object.defineProperties(
      {},
      Object.fromEntries(
        ["plan", "length", "nike", "numericAttributes", "categoricalAttributes", "then"].map(
          (name) => [name, { get: thrower, enumerable: true }],
        ),
      ),
    ),
  "object whose members are symbols": () => ({ plan: Symbol("s"), nike: Symbol("s") }),
  "object with members of null": () => ({ plan: null, nike: null }),
  "object with a BigInt": () => ({ plan: 5n, nike: { price: 5n } }),
  "frozen object": () => Object.freeze({ plan: "pro" }),
  "cyclic object": () => {
    const cyclic: Record<string, unknown> = { plan: "pro" };
    cyclic["plan"] = cyclic;
    return cyclic;
  },
  "cyclic list": () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    return cyclic;
  },
  "deep list": () => {
    let deep: unknown = [];
    for (let i = 0; i < 20_000; i++) deep = [deep];
    return deep;
  },
  "contextual attributes of odd values": () => ({
    numericAttributes: revokedProxy(),
    categoricalAttributes: 5n,
  }),
  "empty list": () => [],
  "list of symbols": () => [Symbol("s"), Symbol.iterator],
  "list of hostile objects": () => [Object.create(null), { toString: thrower }],
  "sparse list": () => new Array(3),
  "revoked proxy": revokedProxy,
  "proxy that throws": () => throwingProxy({}),
  "proxy of a function that throws": () => throwingProxy(() => {}),
  Map: () => new Map([["plan", "pro"]]),
  Date: () => new Date(Number.NaN),
  RegExp: () => /x/,
  Promise: () => Promise.resolve(),
  Error: () => new EvaluationError("SORTITION_EVALUATION", "x", "from outside"),
  "typed array": () => new Uint8Array(2),
  "boxed string": () => Object("flag"),
  "boxed symbol": () => Object(Symbol("s")),
};

function thrower(): never {
  throw new Error("hostile");
}

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function throwingProxy(target: object): object {
  return new Proxy(target, new Proxy({}, { get: () => thrower }));
}

const shards = [{ salt: "s", ranges: [{ start: 0, end: 10_000 }] }];
const flagOf = (key: string, variationType: string, value: unknown) => ({
  key,
  enabled: true,
  variationType,
  totalShards: 10_000,
  variations: { v: { key: "v", value } },
  allocations: [
    {
      key: "rules",
      rules: [
        { conditions: [{ attribute: "plan", operator: "MATCHES", value: "^never$" }] },
        { conditions: [{ attribute: "plan", operator: "GTE", value: 1_000 }] },
        { conditions: [{ attribute: "plan", operator: "ONE_OF", value: ["never"] }] },
        { conditions: [{ attribute: "id", operator: "NOT_ONE_OF", value: ["never"] }] },
      ],
      splits: [{ variationKey: "v", shards }],
      doLog: true,
    },
  ],
});
const banditOf = (banditKey: string) => ({
  banditKey,
  modelName: "falcon",
  modelVersion: "v1",
  updatedAt: "2026-01-01T00:00:00Z",
  modelData: {
    gamma: 1,
    defaultActionScore: 0,
    actionProbabilityFloor: 0,
    coefficients: {
      nike: {
        actionKey: "nike",
        intercept: 1,
        subjectNumericCoefficients: [
          { attributeKey: "plan", coefficient: 1, missingValueCoefficient: 0 },
        ],
        subjectCategoricalCoefficients: [
          { attributeKey: "plan", valueCoefficients: { pro: 1 }, missingValueCoefficient: 0 },
        ],
        actionNumericCoefficients: [],
        actionCategoricalCoefficients: [],
      },
    },
  },
});
const configuration = Configuration.from({
  flagsConfiguration: JSON.stringify({
    flags: {
      flag: flagOf("flag", "STRING", "x"),
      boolean: flagOf("boolean", "BOOLEAN", true),
      json: flagOf("json", "JSON", "{}"),
      shoes: flagOf("shoes", "STRING", "shoes"),
    },
    banditReferences: {
      shoes: {
        modelVersion: "v1",
        flagVariations: [
          {
            key: "shoes",
            flagKey: "shoes",
            allocationKey: "rules",
            variationKey: "v",
            variationValue: "shoes",
          },
        ],
      },
    },
  }),
  banditsConfiguration: JSON.stringify({ bandits: { shoes: banditOf("shoes") } }),
});

type AnyClient = Client<EvaluationDetails>;
type Getter = keyof AnyClient & `get${string}`;

/** Valid arguments, and the value that a getter returns when it fails. */
interface Sound {
  readonly arguments: readonly unknown[];
  /** Whether this is one of the values that a caller expects. */
  readonly isSound: (result: unknown, defaultValue: unknown) => boolean;
}

const isOneOf =
  (...values: readonly unknown[]) =>
  (result: unknown, defaultValue: unknown): boolean =>
    [...values, defaultValue].some((it) => Object.is(it, result));
const variationOf =
  (isSound: Sound["isSound"]): Sound["isSound"] =>
  (result, defaultValue) =>
    isSound((result as { readonly variation: unknown }).variation, defaultValue);

const assignment = (flag: string, defaultValue: unknown, value: unknown): Sound => ({
  arguments: [flag, "alice", { plan: "pro" }, defaultValue],
  isSound: isOneOf(value),
});
const detailed = ({ isSound, ...sound }: Sound): Sound => ({
  ...sound,
  isSound: (result, defaultValue) =>
    isSound((result as { readonly value: unknown }).value, defaultValue),
});
const boolean = assignment("boolean", false, true);
const integer = assignment("integer", 5, 7);
const text = assignment("flag", "none", "x");
const json: Sound = {
  arguments: ["json", "alice", { plan: "pro" }, null],
  isSound: (result, defaultValue) =>
    Object.is(result, defaultValue) || JSON.stringify(result) === "{}",
};
const bandit: Sound = {
  arguments: ["shoes", "alice", { plan: "pro" }, ["nike", "adidas"], "none"],
  isSound: variationOf(isOneOf("shoes", "x")),
};

const GETTERS: Readonly<Partial<Record<Getter, Sound>>> = {
  getBooleanAssignment: boolean,
  getIntegerAssignment: integer,
  getNumericAssignment: integer,
  getStringAssignment: { ...text, isSound: isOneOf("x", "shoes") },
  getJSONAssignment: json,
  getBooleanAssignmentDetails: detailed(boolean),
  getIntegerAssignmentDetails: detailed(integer),
  getNumericAssignmentDetails: detailed(integer),
  getStringAssignmentDetails: detailed({ ...text, isSound: isOneOf("x", "shoes") }),
  getJSONAssignmentDetails: detailed(json),
  getBanditAction: bandit,
  getBanditActionDetails: bandit,
  getBestAction: {
    arguments: ["shoes", { plan: "pro" }, ["nike", "adidas"], "none"],
    // The chosen action is one of the passed values, whatever they are.
    isSound: (result, defaultValue) =>
      typeof result === "string" || Object.is(result, defaultValue),
  },
  getPrecomputedConfiguration: {
    arguments: ["alice", { plan: "pro" }, { shoes: ["nike"] }, "salt"],
    isSound: (result) => typeof result === "string" && JSON.parse(result).version === 1,
  },
};
const NO_DEFAULT = 4;

function clientOf(isGracefulMode: boolean, includeEvaluationDetails: boolean): AnyClient {
  return createClient({
    initialConfiguration: configuration,
    isGracefulMode,
    assignmentLogger: { logAssignment() {}, logBanditAction() {} },
    exposures: { includeEvaluationDetails },
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
  });
}

function call(client: AnyClient, getter: Getter, args: readonly unknown[]): unknown {
  return Reflect.apply(client[getter] as (...args: unknown[]) => unknown, client, args);
}

const getters = Object.entries(GETTERS) as [Getter, Sound][];

/**
 * @param runs - number of calls with several arguments of any kind. Each kind is also tried alone, in a part for one argument of four.
 */
export function describeGetters(runs: number): void {
  describe.each([
    { details: "on request", includeDetails: false },
    { details: "in every event", includeDetails: true },
  ])("with details $details", ({ includeDetails }) => {
    const strict = clientOf(false, includeDetails);
    const check = (getter: Getter, sound: Sound, args: readonly unknown[]): void => {
      const defaultValue = args[sound.arguments.length - 1];
      // Each failure is the first of its client, which is reported.
      const result = call(clientOf(true, includeDetails), getter, args);
      expect(sound.isSound(result, defaultValue)).toBe(true);
      try {
        call(strict, getter, args);
      } catch (error) {
        // `instanceof` alone is not enough, because the thrown value may be anything.
        expect(error).toBeInstanceOf(EvaluationError);
      }
    };

    const tried = getters.filter((_, i) => isInPart(i, Number(includeDetails)));
    it.each(tried)(
      "%s returns its default for an argument of any kind, and throws only EvaluationError in strict mode",
      (getter, sound) => {
        sound.arguments.forEach((_, index) => {
          for (const create of Object.values(KINDS).filter((_, i) => isInPart(i, index))) {
            const args = sound.arguments.map((it, i) => (i === index ? create() : it));
            check(getter, sound, args);
          }
        });
      },
    );

    it("all getters do the same for several arguments of any kind at once", () => {
      const kind = fc.constantFrom(...Object.keys(KINDS));
      fc.assert(
        fc.property(
          fc.constantFrom(...getters),
          fc.array(kind, { maxLength: NO_DEFAULT }),
          (one, kinds) => {
            const [getter, sound] = one;
            const args = sound.arguments.map((it, i) => {
              const name = kinds[i];
              return name === undefined ? it : KINDS[name]?.();
            });
            check(getter, sound, args);
          },
        ),
        { numRuns: runs },
      );
    });
  });

  describe("the list of getters", () => {
    it("is complete", () => {
      const own = Object.getPrototypeOf(clientOf(true, false));
      const names = [own, Object.getPrototypeOf(own)].flatMap((it) =>
        Object.getOwnPropertyNames(it),
      );
      const others = [
        "getConfiguration",
        "getFlagKeys",
        "getBanditKeys",
        "getOverrideVariationKeys",
      ];
      const expected = names.filter((it) => it.startsWith("get") && !others.includes(it));
      expect(Object.keys(GETTERS).sort()).toEqual(expected.sort());
    });
  });
}
