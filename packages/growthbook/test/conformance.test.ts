import { readFileSync } from "node:fs";
import { join } from "node:path";
import { conformanceFolder } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { evalCondition } from "../src/dialect/condition/eval-condition.js";
import { decrypt } from "../src/dialect/decryption/decrypt.js";
import { hashValueOf } from "../src/dialect/evaluation/attributes.js";
import { evalFeature, runExperiment } from "../src/dialect/evaluation/evaluate.js";
import { compileRanges, indexOfRange } from "../src/dialect/evaluation/experiment/ranges.js";
import { stickyKey, stickyTextOf } from "../src/dialect/evaluation/experiment/sticky.js";
import { getBucketRanges, getEqualWeights } from "../src/dialect/hash/buckets.js";
import { bucketOf, compileHash } from "../src/dialect/hash/hash.js";
import { ObjectFeatures } from "../src/dialect/object-features.js";
import { getQueryStringOverride } from "../src/dialect/url/query-override.js";
import type { VendorAny } from "../src/dialect/vendor-any.js";
import type { Experiment, StickyAssignmentsDocument } from "../src/dialect/wire.js";
import { contextOf, type VendorContext } from "./vendor-context.js";

const shared = conformanceFolder("growthbook");
const folder = shared === null ? null : join(shared, "growthbook");

/** Typed as `any`, because the vendor's data may be any JSON. */
type Case = readonly VendorAny[];
type Cases = Readonly<Record<string, readonly Case[]>>;

/**
 * Number of cases per section, to notice missing ones. `urlRedirect` needs an instance and is tested with the drop-in.
 */
const COUNTS = {
  evalCondition: 248,
  hash: 15,
  getBucketRange: 13,
  getEqualWeights: 6,
  chooseVariation: 13,
  inNamespace: 16,
  getQueryStringOverride: 16,
  feature: 55,
  contextualBandit: 35,
  run: 73,
  decrypt: 10,
  stickyBucket: 13,
  urlRedirect: 4,
};

describe.skipIf(folder === null)("the vendor's conformance data", () => {
  const read = (name: string): Cases =>
    folder === null ? {} : JSON.parse(readFileSync(join(folder, name), "utf8"));
  const cases = read("cases.json");
  const section = (name: keyof typeof COUNTS): readonly Case[] => cases[name] ?? [];

  it("has the expected sections and numbers of cases", () => {
    const lists = Object.entries(cases).filter(([, value]) => Array.isArray(value));
    expect(Object.fromEntries(lists.map(([name, list]) => [name, list.length]))).toEqual(COUNTS);
  });

  describe("evalCondition", () => {
    for (const [name, condition, attributes, expected, groups] of section("evalCondition")) {
      it(`${name}`, () => expect(evalCondition(attributes, condition, groups)).toBe(expected));
    }
  });

  const { evalCondition: python = [] } = read("cases-python-extra.json");
  // The SDK's repository is optional. `npm run conformance` prints whether it is missing.
  describe.skipIf(python.length === 0)("evalCondition of the Python SDK", () => {
    // The JavaScript SDK does not have these operators.
    const unknown = new Set(["$notRegex - pass", "$notRegexi - pass"]);
    for (const [name, condition, attributes, expected] of python) {
      it(`${name}`, () =>
        expect(evalCondition(attributes, condition)).toBe(
          unknown.has(`${name}`) ? false : expected,
        ));
    }
  });

  describe("hash", () => {
    for (const [seed, value, version, expected] of section("hash")) {
      it(`${seed} ${value} ${version}`, () => {
        const bucket = bucketOf(compileHash(seed as string, version as number), value);
        // The vendor returns no bucket for an unknown version.
        expect(bucket < 0 ? null : bucket).toBe(expected);
      });
    }
  });

  describe("getBucketRange", () => {
    for (const [name, args, expected] of section("getBucketRange")) {
      const [count, coverage, weights] = args as [number, number, number[] | null];
      it(`${name}`, () =>
        expect(rounded(getBucketRanges(count, coverage, weights))).toEqual(rounded(expected)));
    }
  });

  describe("getEqualWeights", () => {
    for (const [count, expected] of section("getEqualWeights")) {
      it(`${count}`, () =>
        expect(rounded(getEqualWeights(count as number))).toEqual(rounded(expected)));
    }
  });

  describe("chooseVariation", () => {
    for (const [name, n, ranges, expected] of section("chooseVariation")) {
      it(`${name}`, () => {
        const compiled = compileRanges(ranges, "$", (path) => expect.unreachable(path));
        expect(indexOfRange(compiled, n as number)).toBe(expected);
      });
    }
  });

  describe("inNamespace", () => {
    for (const [name, value, namespace, expected] of section("inNamespace")) {
      it(`${name}`, () => {
        const experiment = { key: "any", variations: [0, 1], namespace } as Experiment<number>;
        const context = contextOf({ attributes: { id: value } });
        expect(runExperiment(experiment, null, context).inExperiment).toBe(expected);
      });
    }
  });

  describe("getQueryStringOverride", () => {
    for (const [name, key, url, count, expected] of section("getQueryStringOverride")) {
      it(`${name}`, () =>
        expect(getQueryStringOverride(key as string, url as string, count as number)).toBe(
          expected,
        ));
    }
  });

  describe.each(["feature", "contextualBandit"] as const)("%s", (title) => {
    for (const [name, context, key, expected] of section(title)) {
      it(`${name}`, () => {
        const result = evalFeature(key as string, contextOf(context as VendorContext));
        expect(asJson(result)).toEqual(expected);
      });
    }
  });

  describe("run", () => {
    for (const [name, context, experiment, value, isIn, hashUsed] of section("run")) {
      it(`${name}`, () => {
        const result = runExperiment(
          experiment as Experiment<unknown>,
          null,
          contextOf(context as VendorContext),
        );
        expect(result.value).toEqual(value);
        expect([result.inExperiment, result.hashUsed]).toEqual([isIn, hashUsed]);
      });
    }
  });

  describe("decrypt", () => {
    for (const [name, encrypted, key, expected] of section("decrypt")) {
      it(`${name}`, async () => {
        const decrypted = decrypt(encrypted as string, key as string);
        if (expected === null) await expect(decrypted).rejects.toThrow();
        else expect(await decrypted).toBe(expected);
      });
    }
  });

  describe("stickyBucket", () => {
    for (const [name, given, stored, key, expected, after] of section("stickyBucket")) {
      it(`${name}`, () => {
        const vendor = given as VendorContext;
        const context = contextOf(vendor);
        const docs: Record<string, StickyAssignmentsDocument> = {};
        const wanted = new Set(
          ObjectFeatures.of(vendor.features ?? {}).stickyAttributes.map((attribute) =>
            stickyKey(attribute, stickyTextOf(hashValueOf(context, attribute).hashValue)),
          ),
        );
        for (const doc of stored as StickyAssignmentsDocument[]) {
          const at = stickyKey(doc.attributeName, doc.attributeValue);
          if (wanted.has(at)) docs[at] = doc;
        }
        context.sticky = { docs, save() {} };
        const result = evalFeature(key as string, context);
        expect(asJson(result.experimentResult ?? null)).toEqual(expected);
        expect(docs).toEqual(after);
      });
    }
  });
});

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Rounds values as the vendor's tests do, on both sides. */
function rounded(value: unknown): unknown {
  return Array.isArray(value) ? value.map(rounded) : Math.floor((value as number) * 1e8) / 1e8;
}
