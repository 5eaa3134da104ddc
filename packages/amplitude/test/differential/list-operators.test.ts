// Each list of values alone in its flag, compared with the vendor's SDK: short and long lists take different paths.
import { isDeepStrictEqual } from "node:util";
import { expect, it } from "vitest";
import type { ExperimentUser } from "../../src/dialect.js";
import { Ours } from "./ours.js";
import type { Outcome } from "./outcome.js";
import { OPERATORS } from "./values.js";
import { Vendor } from "./vendor.js";

const TEXTS = [
  "a",
  "A",
  "true",
  "TRUE",
  "False",
  "",
  "(none)",
  "1",
  "2.5",
  "-3",
  "1.2.3",
  "1.2.3-b",
];
const ODD = [...TEXTS, 1, 2.5, true, null, {}];
const FILLERS = Array.from({ length: 9 }, (_, i) => `filler-${i}`);
const LISTED: readonly (readonly unknown[])[] = [
  [],
  ...ODD.map((it) => [it]),
  ...ODD.map((it) => [...FILLERS, it]),
  ...ODD.map((it) => [it, ...FILLERS, "true"]),
  TEXTS,
  ODD,
  [...FILLERS, "a", "1", "1.2.3"],
  ["0.9", "1.2.3", "1.2.4", "10.0", ...FILLERS],
];
const PROPERTIES: readonly unknown[] = [
  ...TEXTS,
  ...TEXTS.map((it) => [it]),
  [],
  ["b", "a"],
  ["tRUE", "b"],
  ["false", "filler-3"],
  FILLERS,
  [...FILLERS, "a"],
  [...FILLERS, ...TEXTS],
  [null, "", 1, true, { a: 1 }],
  '["a","true"]',
  ["1.2.2", "x"],
  ["9", "1.2.9", "10.0.0"],
];
const OPERATIONS = Object.values(OPERATORS)
  .flat()
  .filter((it) => !/regex|contain$/.test(it));

const variantsOf = (outcome: Outcome): unknown => ("throws" in outcome ? {} : outcome.variants);

it.each(OPERATIONS)("answers as the vendor for lists of values and properties: %s", async (op) => {
  const found: unknown[] = [];
  for (const values of LISTED) {
    const selector = ["context", "user", "user_properties", "x"];
    const segments = [{ conditions: [[{ selector, op, values }]], variant: "on" }];
    const flags = [{ key: "f", variants: { on: { key: "on", value: "on" } }, segments }];
    const configuration = { flags, cohorts: [], cacheCapacity: 1 };
    const [ours, vendor] = [new Ours(configuration), new Vendor(configuration)];
    for (const x of PROPERTIES) {
      const user = { user_id: "u", user_properties: { x } } as ExperimentUser;
      const flagKeys = undefined;
      const call = {
        user,
        kinds: [],
        flagKeys,
        isDeprecated: false,
        tracksExposure: false,
        nowMs: 0,
      };
      const [a, b] = [variantsOf(ours.run(call)), variantsOf(await vendor.run(call))];
      if (!isDeepStrictEqual(a, b)) found.push({ values, x, ours: a, vendor: b });
    }
  }
  expect(found).toEqual([]);
});
