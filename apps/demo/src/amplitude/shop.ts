import type { DemoSubject } from "../subjects.js";

/** A visitor as Amplitude's user. */
export interface DemoUser {
  user_id: string;
  user_properties: Record<string, string | number | boolean>;
}

/** Exclusive end of the range of a distribution: 2^32 / 100. */
const SHARES = 42_949_673;
/** One in this number of visitors is in the cohort. */
const COHORT_EVERY = 20;

/** Returns the shop's flags as Amplitude's server would send them. */
export function shopFlags(): readonly Record<string, unknown>[] {
  const [on, off] = [variant("on"), { key: "off", metadata: { default: true } }];
  return [
    flag("new-checkout", { on, off }, [
      {
        conditions: [[cohortCondition()]],
        variant: "on",
        metadata: { segmentName: "Early access" },
      },
      split("new-checkout", [["on", 50]], "off"),
    ]),
    flag(
      "checkout-button",
      { control: variant("control"), urgent: variant("urgent"), friendly: variant("friendly") },
      [
        split(
          "checkout-button",
          [
            ["control", 33],
            ["urgent", 33],
            ["friendly", 34],
          ],
          "control",
        ),
      ],
    ),
    {
      ...flag("express-payment", { on, off }, [
        { conditions: [[isOn("new-checkout")]], ...split("express-payment", [["on", 80]], "off") },
        { variant: "off", metadata: { segmentName: "All Other Users" } },
      ]),
      dependencies: ["new-checkout"],
    },
    flag("free-shipping", { on, off }, [
      {
        conditions: [
          [property("appVersion", "version greater or equal", ["2.1.0"])],
          [property("tier", "is", ["gold", "platinum"])],
        ],
        variant: "on",
        metadata: { segmentName: "Loyal" },
      },
      { variant: "off", metadata: { segmentName: "All Other Users" } },
    ]),
  ];
}

/** Returns the cohort `early-access`, with some of the visitors. */
export function shopCohort(users: readonly DemoUser[]): object {
  const memberIds = users.filter((_, i) => i % COHORT_EVERY === 0).map((user) => user.user_id);
  const facts = { groupType: "User", groupTypeId: 0, lastComputed: 1, lastModified: 1 };
  return { cohortId: "early-access", ...facts, size: memberIds.length, memberIds };
}

/** Converts a visitor to a user. The attributes become user properties. */
export function userOf({ subjectAttributes, subjectKey }: DemoSubject): DemoUser {
  const properties = Object.entries(subjectAttributes).filter(
    (entry): entry is [string, string | number | boolean] =>
      ["string", "number", "boolean"].includes(typeof entry[1]),
  );
  return { user_id: subjectKey, user_properties: Object.fromEntries(properties) };
}

function flag(key: string, variants: object, segments: readonly object[]) {
  const metadata = { deployed: true, flagType: "experiment", flagVersion: 1, experimentKey: key };
  return { key, metadata, variants, segments };
}

function variant(key: string): object {
  return { key, value: key };
}

/** Splits all users, in percent. The remaining users get the segment's own variant. */
function split(
  key: string,
  parts: readonly (readonly [variant: string, percent: number])[],
  rest: string,
): object {
  let start = 0;
  const distributions = parts.map(([name, percent]) => {
    const from = start;
    start += percent;
    const range = [Math.floor((from / 100) * SHARES), Math.floor((start / 100) * SHARES)];
    return { variant: name, range };
  });
  return {
    bucket: {
      selector: ["context", "user", "user_id"],
      salt: `${key}-salt`,
      allocations: [{ range: [0, 100], distributions }],
    },
    variant: rest,
    metadata: { segmentName: "Split" },
  };
}

function property(name: string, op: string, values: readonly string[]): object {
  return { selector: ["context", "user", "user_properties", name], op, values };
}

function isOn(flagKey: string): object {
  return { selector: ["result", flagKey, "key"], op: "is", values: ["on"] };
}

function cohortCondition(): object {
  const selector = ["context", "user", "cohort_ids"];
  return { selector, op: "set contains any", values: ["early-access"] };
}
