// Clauses with many values, compared with the vendor's SDK.
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clientOf, evaluate } from "../ours.js";
import { OPERATORS } from "./values.js";
import { Vendor } from "./vendor.js";

const POOL: readonly unknown[] = [
  ...["", "a", "1", "1.2.3", "2", "2.0.0", "1.2.3-b.2", "1.2.3-9007199254740993", "v1.0.0"],
  ...[
    "1.2.3-9007199254740992",
    "1.2.3+build",
    "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00.5+02:00",
  ],
  ...[1, 0, -1.5, 1_767_225_600_000, true, null, {}, [], "(["],
];
const LISTS: readonly (readonly unknown[])[] = [
  [],
  POOL,
  [...POOL].reverse(),
  ...POOL.map((it) => [it]),
  ["1.0.0", "3", "2.1", "1.2.3-a"],
  [5, 1, 3],
  ["2027-01-01T00:00:00Z", 0, "2025-06-01T00:00:00Z"],
];
const VALUES: readonly unknown[] = [...POOL, POOL, ["x", "1.2.3"], [2, 4], ["3.0.0", 2]];

let vendor: Vendor;
beforeAll(async () => {
  vendor = new Vendor();
  await vendor.start();
});
afterAll(() => vendor.close());

it.each(Object.keys(OPERATORS).filter((it) => it !== "segmentMatch"))(
  "%s has the vendor's result for lists of values and attributes",
  async (op) => {
    const flags = Object.fromEntries(
      LISTS.map((values, i) => {
        const clauses = [{ attribute: "x", op, values, contextKind: "user" }];
        const rules = [{ id: "r", variation: 1, clauses }];
        const flag = { key: `f${i}`, version: 1, on: true, variations: [false, true], rules };
        return [`f${i}`, { ...flag, fallthrough: { variation: 0 }, salt: "s" }];
      }),
    );
    const text = JSON.stringify({ flags, segments: {} });
    expect(vendor.load(text)).toBe(true);
    const client = clientOf(text);
    const found: unknown[] = [];
    for (const x of VALUES) {
      const context = { kind: "user", key: "u", x };
      for (const [i, values] of LISTS.entries()) {
        const ours = evaluate(client, `f${i}`, context, null);
        const theirs = await vendor.evaluate(`f${i}`, context, null, null);
        if (!isDeepStrictEqual(ours, theirs)) found.push({ values, x, ours, theirs });
      }
    }
    expect(found).toEqual([]);
  },
);
