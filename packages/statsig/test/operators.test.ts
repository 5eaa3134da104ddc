// Each operator with targets and values of all types, compared with both of the vendor's SDKs.
import { isWhole } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { OPERATORS } from "./differential/payloads.js";
import { gatesFor } from "./gates.js";
import { clientOf, evaluate, type Sdk } from "./ours.js";
import { toV1 } from "./v1.js";
import { vendorOf } from "./vendor.js";

/** Compares one of so many combinations of a target and a value. All are 144,000 results, which take half a minute. */
const ONE_OF = Number(process.env["SORTITION_ONE_OF"] ?? 12);

const SCALARS: readonly unknown[] = [
  ...["", "pro", "Pro", "PRO", "5", "05", "5.0", " 5", "0x5", "1e1", "true", "null", "undefined"],
  ...[
    "1.2",
    "1.2.0",
    "1.2.3",
    "1..3",
    "1.3-x",
    "v1",
    "1.2.3.4",
    "-1",
    "æ",
    "İ",
    "[",
    "^p",
    "(?i)PRO",
  ],
  ...["2023-1-1 1:1:1", " 2023-11-14 10:00:00", "2023-11-14 23:59:60", "2023-11-15 00:00:00"],
  ...["2023-02-30 10:00:00", "2023-02-30T10:00:00Z", "2023-11-14 24:00:00", "0x10"],
  ...["2023-11-14", "2023-11-14T22:13:19Z", "2023-11-14T22:13:19.000Z", "2023-11-14 10:00:00"],
  ...["2023-11-14T22:13:19+01:00", "1700000000", "1700000000000", "Infinity", "-inf", "NaN"],
  ...[
    0,
    5,
    -5,
    5.5,
    1e21,
    1e-7,
    1_699_999_999,
    1_700_000_000_000,
    9_999_999_999,
    true,
    false,
    null,
  ],
];
const LISTS: readonly unknown[] = [
  ...[
    [],
    ["a"],
    ["a", "A"],
    ["pro", "5"],
    [1, 2],
    ["1", "2"],
    [16],
    ["0x10"],
    [5.5, "x"],
    [true, null],
    [["a"]],
  ],
];
const OBJECTS: readonly unknown[] = [{}, { a: 1 }, { pro: true, "5": true }];

const TARGETS: readonly unknown[] = [
  ...[...SCALARS, ...LISTS, ...OBJECTS, ["pro", "Pro"], ["", "r"]],
  ["10"],
];
/** Strings up to the length that patterns refuse, and a number of two digits, which each target is compared with, like the target itself. */
const ALWAYS: readonly unknown[] = ["p".repeat(999), "p".repeat(1_000), [10]];
const VALUES: readonly unknown[] = [undefined, ...SCALARS, ...LISTS, ...OBJECTS, ...ALWAYS];

/** The vendor's SDK for version 2 ends the process: a day out of its range, and a list with two forms of a text. */
function endsProcess(operator: string, target: unknown): boolean {
  if (operator === "on") return ["Infinity", "-inf", 1e21].some((it) => it === target);
  if (!/^n?eq$/.test(operator) || !Array.isArray(target)) return false;
  return new Set(target.map((it) => String(it).toLowerCase())).size < target.length;
}

describe.each<Sdk>(["core", "legacy"])("operators of the %s SDK", (sdk) => {
  // In part, each operator of one SDK.
  const parity = sdk === "core" ? 0 : 1;
  it.each(OPERATORS.filter((_, i) => isWhole || i % 2 === parity))(
    "%s has the vendor's results for targets and values of all types",
    async (operator) => {
      const payload =
        sdk === "core" ? gatesFor(operator, TARGETS) : toV1(gatesFor(operator, TARGETS));
      const vendor = await vendorOf(sdk, payload);
      const ours = clientOf(sdk, payload);
      const differences = TARGETS.flatMap((target, i) =>
        VALUES.flatMap((value, j) => {
          const isAlways = value === target || ALWAYS.includes(value);
          if ((i + j * 5) % ONE_OF !== 0 && !isAlways) return [];
          if (sdk === "core" && endsProcess(operator, target)) return [];
          const user = { userID: "u", ...(value === undefined ? {} : { custom: { x: value } }) };
          const theirs = vendor.evaluate("gate", `g${i}`, user);
          const own = evaluate(ours, "gate", `g${i}`, user);
          return own.value === theirs.value && own.ruleID === theirs.ruleID
            ? []
            : [JSON.stringify({ target, value, ours: own, vendor: theirs })];
        }),
      );
      expect(differences).toEqual([]);
      await vendor.close();
    },
  );
});
