import { murmur3Uint32 } from "@sortition/core/dialect";
import type { Murmur3Prefix } from "@sortition/core/dialect-internal";
import { afterAll, describe, expect, it } from "vitest";
import { compileSelector } from "../../src/dialect/condition/selector.js";
import {
  compareAmplitudeVersions,
  parseAmplitudeVersion,
} from "../../src/dialect/condition/version.js";
import { evaluateUser, toVariants } from "../../src/dialect/evaluation/evaluate-user.js";
import { EvaluationCall } from "../../src/dialect/evaluation/evaluation-call.js";
import type { ExperimentUser } from "../../src/dialect/user.js";
import { canonicalOf, hashCode } from "../../src/events/canonical.js";
import { assignmentEvent, exposureEvents } from "../../src/events/events.js";
import { DAY_MS, TrackingFilter } from "../../src/events/filter.js";
import { type CohortBody, configurationOf, resultsOf } from "./configuration.js";
import { AssertionCounter } from "./counter.js";
import { FOLDER, readVectors } from "./vectors.js";

/** Number of assertions per file, which would change if a case were skipped. */
const ASSERTIONS: Readonly<Record<string, number>> = {
  murmur3: 2003,
  semver: 48,
  selector: 11,
  "condition-values": 15,
  "boolean-matching": 34,
  "topological-sort": 24,
  "evaluation-trace": 7,
  "user-context": 5,
  "variant-conversion": 7,
  events: 43,
  "dedupe-filter": 20,
  "cohort-flags": 33,
};

const counter = new AssertionCounter();
const count = (file: string): typeof expect => counter.of(file);

describe.skipIf(FOLDER === null)("the vendor's cases", () => {
  afterAll(() => {
    expect(counter.counts).toEqual(ASSERTIONS);
  });

  it("murmur3: hashes with any seed", () => {
    interface Vector {
      readonly input: string;
      readonly seed: number;
      readonly expected: number;
    }
    for (const { expected, input, seed } of readVectors<{ vectors: Vector[] }>("murmur3").vectors) {
      // A seed is the hash of the prefix, from which the next string continues.
      const prefix: Murmur3Prefix = { text: "", length: 0, hash: seed, rest: 0, isOpen: false };
      count("murmur3")(murmur3Uint32(input, prefix), input).toBe(expected);
    }
  });

  it("semver: reads and compares versions", () => {
    interface Vectors {
      readonly invalid: (string | null)[];
      readonly valid: string[];
      readonly cases: { readonly a: string; readonly b: string; readonly relation: string }[];
    }
    const { cases, invalid, valid } = readVectors<Vectors>("semver");
    for (const text of invalid) {
      count("semver")(parseAmplitudeVersion(text ?? ""), String(text)).toBeNull();
    }
    for (const text of valid) count("semver")(parseAmplitudeVersion(text), text).not.toBeNull();
    for (const { a, b, relation } of cases) {
      const [left, right] = [parseAmplitudeVersion(a), parseAmplitudeVersion(b)];
      const order = left && right ? compareAmplitudeVersions(left, right) : Number.NaN;
      const isTrue = {
        equal: order === 0,
        "not equal": order !== 0,
        less: order < 0,
        greater: order > 0,
      }[relation];
      count("semver")(isTrue, `${a} ${relation} ${b}`).toBe(true);
    }
  });

  it("selector: reads a path", () => {
    interface Vectors {
      readonly context: object;
      readonly cases: {
        readonly selector: string[];
        readonly found: boolean;
        readonly value: unknown;
      }[];
    }
    const { cases, context } = readVectors<Vectors>("selector");
    const call = EvaluationCall.ofUser(context, configurationOf([]));
    for (const { found, selector, value } of cases) {
      const selected = compileSelector(["context", "user", ...selector])(call) ?? undefined;
      count("selector")(selected, selector.join(".")).toEqual(found ? value : undefined);
    }
  });

  interface ConditionCase {
    readonly op: string;
    readonly values: string[];
    readonly propertyValue?: unknown;
    readonly match: boolean;
  }

  it.each(["condition-values", "boolean-matching"])("%s: tests one condition", (file) => {
    for (const { match, op, propertyValue, values } of readVectors<{ cases: ConditionCase[] }>(file)
      .cases) {
      const selector = ["context", "user", "user_properties", "it"];
      const flag = {
        key: "flag",
        variants: { on: { key: "on" } },
        segments: [{ conditions: [[{ selector, op, values }]], variant: "on" }],
      };
      const user = { user_id: "user", user_properties: { it: propertyValue } };
      const { flag: variant } = toVariants(evaluateUser(configurationOf([flag]), user));
      count(file)(variant !== undefined, JSON.stringify({ op, propertyValue, values })).toBe(match);
    }
  });

  it("topological-sort: orders flags", () => {
    interface Case {
      readonly flags: object[];
      readonly flagKeys?: string[];
      readonly expected: { readonly order?: string[]; readonly error?: string | null };
    }
    for (const { expected, flagKeys, flags } of readVectors<{ cases: Case[] }>("topological-sort")
      .cases) {
      const complete = flags.map((it) => ({ ...it, segments: [], variants: {} }));
      const configuration = configurationOf(complete);
      const plan =
        flagKeys === undefined ? configuration.planOfAll : configuration.planOfEach(flagKeys);
      const order = plan.flags.map(({ key }) => key);
      const { error } = expected;
      if (typeof error === "string") {
        const keys = error.replace("Detected a cycle between flags ", "").split(/, ?/);
        count("topological-sort")(plan.cycle).toEqual(keys);
      } else if (error === null) count("topological-sort")(plan.cycle).toBeNull();
      else count("topological-sort")({ order }).toEqual({ order: expected.order });
    }
  });

  it("evaluation-trace: returns variants and metadata of whole flags", () => {
    interface Case {
      readonly name: string;
      readonly flag: { readonly key: string };
      readonly context: { readonly user: ExperimentUser };
      readonly expected: { readonly variantKey: string | null; readonly metadata?: object };
    }
    for (const { context, expected, flag, name } of readVectors<{ cases: Case[] }>(
      "evaluation-trace",
    ).cases) {
      const configuration = configurationOf([flag]);
      const variant = toVariants(evaluateUser(configuration, context.user))[flag.key];
      count("evaluation-trace")(variant?.key ?? null, name).toBe(expected.variantKey);
      if (expected.metadata === undefined) continue;
      count("evaluation-trace")(variant?.metadata, name).toEqual(expected.metadata);
    }
  });

  it("user-context: shows users to conditions", () => {
    interface Case {
      readonly user: ExperimentUser;
      readonly context: object;
    }
    for (const { context, user } of readVectors<{ cases: Case[] }>("user-context").cases) {
      const call = EvaluationCall.ofUser(user, configurationOf([]));
      count("user-context")(call.context()).toEqual(context);
    }
  });

  it("variant-conversion: converts values to strings", () => {
    interface Case {
      readonly name: string;
      readonly input: object;
      readonly expected: object;
    }
    for (const { expected, input, name } of readVectors<{ cases: Case[] }>("variant-conversion")
      .cases) {
      const { it: variant } = toVariants(resultsOf({ it: input }));
      count("variant-conversion")(variant, name).toEqual({ ...expected, metadata: {} });
    }
  });

  it("events: creates assignments and exposures", () => {
    interface Case {
      readonly fn: string;
      readonly user: ExperimentUser;
      readonly results: Record<string, { readonly metadata?: object }>;
      readonly canonical?: string;
      readonly expected: {
        readonly eventCount?: number;
        readonly noEventFor?: string[];
        readonly event_type: string;
        readonly eventPropertiesInclude?: object;
        readonly eventPropertiesAbsent?: string[];
        readonly user_properties?: object;
        readonly perFlag?: Record<
          string,
          { readonly event_properties: object; readonly $set: object; readonly $unset: object }
        >;
      };
    }
    const timestampMs = 5 * DAY_MS + 7;
    for (const { canonical, expected, fn, results, user } of readVectors<{ cases: Case[] }>(
      "events",
    ).cases) {
      const tracked = { user, results: resultsOf(results), timestampMs };
      const text = canonicalOf(tracked);
      if (canonical !== undefined) count("events")(text).toBe(canonical);
      if (fn === "assignment") {
        const event = assignmentEvent(tracked);
        count("events")(event.event_type).toBe(expected.event_type);
        count("events")(event.event_properties).toMatchObject(
          expected.eventPropertiesInclude ?? {},
        );
        for (const name of expected.eventPropertiesAbsent ?? []) {
          count("events")(event.event_properties).not.toHaveProperty([name]);
        }
        count("events")(event.user_properties).toEqual(expected.user_properties);
        count("events")(event.insert_id).toBe(
          `${user.user_id} ${user.device_id} ${hashCode(text)} 5`,
        );
      } else if (fn === "exposure") {
        const events = exposureEvents(tracked);
        count("events")(events).toHaveLength(expected.eventCount ?? Number.NaN);
        for (const [flagKey, { $set, $unset, event_properties }] of Object.entries(
          expected.perFlag ?? {},
        )) {
          const event = events.find(
            (it) => it.event_properties["[Experiment] Flag Key"] === flagKey,
          );
          count("events")(event?.event_type).toBe(expected.event_type);
          // The engine always returns metadata.
          const metadata = results[flagKey]?.metadata ?? {};
          count("events")(event?.event_properties).toEqual({ ...event_properties, metadata });
          count("events")(event?.user_properties).toEqual({ $set, $unset });
          count("events")(event?.insert_id).toBe(
            `${user.user_id} ${user.device_id} ${hashCode(`${flagKey} ${text}`)} 5`,
          );
        }
      }
    }
  });

  it("dedupe-filter: tracks each evaluation once", () => {
    interface Case {
      readonly name: string;
      readonly capacity: number;
      readonly ttlMillis?: number;
      readonly steps: {
        readonly user: string;
        readonly results: Record<string, string>;
        readonly atMillis?: number;
        readonly track: boolean;
      }[];
    }
    for (const { capacity, name, steps, ttlMillis } of readVectors<{ cases: Case[] }>(
      "dedupe-filter",
    ).cases) {
      const filter = new TrackingFilter(capacity, ttlMillis);
      for (const { atMillis = 0, results, track, user } of steps) {
        const variants = Object.entries(results).map(([flag, key]) => [flag, { key }]);
        const tracked = {
          user: { user_id: user },
          results: resultsOf(Object.fromEntries(variants)),
          timestampMs: atMillis,
        };
        count("dedupe-filter")(filter.shouldTrack(tracked, atMillis), name).toBe(track);
      }
    }
  });

  it("cohort-flags: finds references and members, and evaluates flags", () => {
    interface Vectors {
      readonly flags: { readonly key: string }[];
      readonly cohorts: (CohortBody & { readonly size: number })[];
      readonly expectedCohortIds: {
        readonly perFlagByGroup: Record<string, Record<string, string[]>>;
        readonly all: string[];
      };
      readonly cases: {
        readonly name: string;
        readonly user: ExperimentUser;
        readonly cohortSync?: boolean;
        readonly maxCohortSize?: number;
        readonly expectedKeys: Record<string, string>;
      }[];
    }
    const { cases, cohorts, expectedCohortIds, flags } = readVectors<Vectors>("cohort-flags");
    const configuration = configurationOf(flags);
    const { all, byFlag } = configuration.flagReferences;
    count("cohort-flags")(new Set([...all.values()].flatMap((ids) => [...ids]))).toEqual(
      new Set(expectedCohortIds.all),
    );
    for (const [key, byGroup] of Object.entries(expectedCohortIds.perFlagByGroup)) {
      const references = [...(byFlag.get(key) ?? [])].map(([type, ids]) => [type, [...ids]]);
      count("cohort-flags")(Object.fromEntries(references)).toEqual(byGroup);
    }
    for (const { cohortSync = true, expectedKeys, maxCohortSize, name, user } of cases) {
      const loaded = cohorts.filter(({ size }) => cohortSync && size <= (maxCohortSize ?? size));
      const variants = toVariants(evaluateUser(configurationOf(flags, loaded), user));
      for (const [key, expected] of Object.entries(expectedKeys)) {
        count("cohort-flags")(variants[key]?.key, `${name}: ${key}`).toBe(expected);
      }
    }
  });
});
