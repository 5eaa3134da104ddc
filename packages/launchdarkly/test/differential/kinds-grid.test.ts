// Kinds of contexts in each part of a flag, compared with the vendor's SDK.
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clientOf, evaluate } from "../ours.js";
import { Vendor } from "./vendor.js";

const KINDS: readonly string[] = ["user", "org", "kind", "multi", "none", "toString", "__proto__"];
const ATTRIBUTES: readonly string[] = ["key", "kind", "name", "x", "anonymous", "/x/y", "length"];
const VALUES: readonly unknown[] = ["u", "o", "user", "org", "multi", "a", 1];
const CONTEXTS: readonly unknown[] = [
  { kind: "user", key: "u", x: "a" },
  { kind: "org", key: "o", x: { y: "a" }, anonymous: true },
  { kind: "multi", user: { key: "u", x: "a" }, org: { key: "o", x: { y: "a" } } },
  { kind: "multi", org: { key: "o", anonymous: true }, none: { key: "a" } },
  { key: "u", custom: { x: "a" } },
];

const shares = [0, 1].map((variation) => ({ variation, weight: 50_000 }));

/** A flag for each kind and each part that has one. */
function flagsOf(contextKind: string): Readonly<Record<string, object>> {
  const rules = (clause: object) => [{ id: "r", variation: 1, clauses: [clause] }];
  const clauses = ATTRIBUTES.flatMap((attribute) => {
    const clause = { attribute, op: "in", values: VALUES, contextKind };
    return [
      [`${attribute} of ${contextKind}`, { rules: rules(clause) }],
      [`not ${attribute} of ${contextKind}`, { rules: rules({ ...clause, negate: true }) }],
    ] as const;
  });
  const experiment = { kind: "experiment", contextKind, variations: shares };
  return Object.fromEntries([
    ...clauses,
    [`target ${contextKind}`, { contextTargets: [{ contextKind, variation: 1, values: VALUES }] }],
    [`rollout ${contextKind}`, { fallthrough: { rollout: { contextKind, variations: shares } } }],
    [`experiment ${contextKind}`, { fallthrough: { rollout: experiment } }],
  ]);
}

let vendor: Vendor;
beforeAll(async () => {
  vendor = new Vendor();
  await vendor.start();
});
afterAll(() => vendor.close());

it.each(KINDS)("reads contexts of kind %s as the vendor's SDK does", async (kind) => {
  const parts = Object.entries(flagsOf(kind));
  const common = { version: 1, on: true, salt: "s", variations: [false, true] };
  const flags = parts.map(([key, it]) => [
    key,
    { key, ...common, fallthrough: { variation: 0 }, ...it },
  ]);
  const text = JSON.stringify({ flags: Object.fromEntries(flags), segments: {} });
  expect(vendor.load(text)).toBe(true);
  const client = clientOf(text);
  const found: unknown[] = [];
  for (const context of CONTEXTS) {
    for (const [key] of parts) {
      const ours = evaluate(client, key, context, null);
      const theirs = await vendor.evaluate(key, context, null, null);
      if (!isDeepStrictEqual(ours, theirs)) found.push({ key, context, ours, theirs });
    }
  }
  expect(found).toEqual([]);
});
