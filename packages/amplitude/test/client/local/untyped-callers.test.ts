import { LocalEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import { describe, expect, it } from "vitest";
import { amplitude } from "../../../src/dialect.js";
import { LocalEvaluationClient, LogLevel } from "../../../src/index.js";

const SILENT = { verbose() {}, debug() {}, info() {}, warn() {}, error() {} };

const PROPERTY = ["context", "user", "user_properties", "p"];
const SELECTORS: readonly (readonly string[])[] = [
  PROPERTY,
  ["context", "user", "user_id"],
  ["context", "user", "country"],
  ["context", "user", "cohort_ids"],
  ["context", "groups", "org", "group_name"],
  ["context", "groups", "org", "group_properties", "plan"],
  ["context", "user"],
  ["context", "groups"],
];

/**
 * Returns a flag for each selector that shows the value its condition sees, and flags with cohorts
 * and numeric keys.
 */
function flags(): Record<string, object> {
  const entries = SELECTORS.flatMap((selector, i) => [
    flag(`any ${i}`, selector, "regex match", ["."]),
    flag(`red ${i}`, selector, "is", ["red", "acme", "DK", "u1"]),
    flag(`set ${i}`, selector, "set contains any", ["red", "c1"]),
    flag(`${i}`, selector, "is", ["(none)"]),
  ]);
  const ofOrg = ["context", "groups", "org", "cohort_ids"];
  entries.push(flag("cohort of a group", ofOrg, "set contains any", ["c2"]));
  return Object.fromEntries(entries);
}

function flag(key: string, selector: readonly string[], op: string, values: readonly string[]) {
  const segments = [{ conditions: [[{ selector, op, values }]], variant: "on" }];
  return [key, { key, variants: { on: { key: "on", value: "on" } }, segments }] as const;
}

/** A class whose own members are those of a user. Its inherited members are not. */
class Account {
  user_id = "u1";

  get country(): string {
    return "DK";
  }

  get groups(): object {
    return { org: ["acme"] };
  }
}

class Tags {
  toString(): string {
    return '["red"]';
  }
}

const USERS: readonly { readonly what: string; readonly user: () => unknown }[] = [
  { what: "an object of a class", user: () => new Account() },
  { what: "inherited members", user: () => Object.create({ user_id: "u1", country: "DK" }) },
  { what: "no prototype", user: () => Object.assign(Object.create(null), { user_id: "u1" }) },
  { what: "an array", user: () => ["u1"] },
  { what: "a string", user: () => "u1" },
  { what: "names like an array", user: () => ({ groups: { org: { 0: "acme", length: 1 } } }) },
  { what: "names as a string", user: () => ({ groups: { org: "acme" } }) },
  ...[Number.NaN, 0, false, ""].map((group_cohort_ids) => ({
    what: `ids of group cohorts that are ${String(group_cohort_ids)}`,
    user: () => ({ groups: { org: ["acme"] }, group_cohort_ids }),
  })),
  ...[new String("red"), new String('["red"]'), new Tags(), [new String("red")]].map((p) => ({
    what: `a property ${typeof p} ${p}`,
    user: () => ({ user_id: "u1", user_properties: { p } }),
  })),
];

const FLAG_KEYS: readonly unknown[] = [
  ...[[1], [1, "any 1"], new Set(["any 1"]), [null], "1", "11", [["any 1"]], [["1"], "any 1"]],
  ...[[new String("any 1")], [Symbol("any 1")], { length: 2, 0: "any 1", 1: "red 1" }],
  ...[{ length: 1, 0: "any 1" }, { length: 0 }, { length: -1 }, new Map([["any 1", 1]])],
];

describe("an untyped caller", () => {
  it.each([5, null, {}])("gets an error for the zone %j", (serverZone) => {
    const create = () => amplitude({ serverZone: serverZone as never });
    expect(create).toThrow(expect.objectContaining({ name: "OptionError", option: "serverZone" }));
  });

  it("may pass a logger without a method for verbose lines", () => {
    const { debug, error, info, warn } = SILENT;
    const loggerProvider = { debug, error, info, warn } as never;
    const config = { loggerProvider, logLevel: LogLevel.Verbose, bootstrap: flags() as never };
    const client = new LocalEvaluationClient("key", config);
    expect(client.evaluateV2({ user_id: "u1" }, ["any 1"])).toHaveProperty("any 1");
  });
});

const ALLOCATED = { range: [0, 100], distributions: [{ variant: "on", range: [0, 42949673] }] };
/** Values that the vendor's engine treats as absent members without failing. */
const ODD: readonly unknown[] = [
  ...[5, true, "", "text", "0", "f", [], ["on"], {}, { length: 0 }, { length: -1 }],
  ...[
    { length: 0.5, 0: { variant: "on" } },
    { length: 1.5, 0: "x", 1: { variant: "on" } },
  ],
  ...[
    { length: "1", 0: { variant: "on" } },
    { length: 1.5, 0: ALLOCATED, 1: ALLOCATED },
  ],
  ...[
    { length: 0.1, 0: "f" },
    { length: 2, 0: "x", 1: "f" },
  ],
  ...[[{ key: "on" }], { length: 1, 0: { variant: "on" } }, { length: 1, 0: ALLOCATED }],
  { length: 1, 0: { variant: "on", range: [0, 42949673] } },
];
const BUCKET = { selector: ["context", "user", "user_id"], salt: "s", allocations: [ALLOCATED] };
const PARTS: readonly ((odd: unknown) => object)[] = [
  (odd) => ({ segments: [odd, { variant: "on" }] }),
  (odd) => ({ segments: [{ bucket: odd, variant: "on" }] }),
  (odd) => ({ segments: [{ conditions: [odd], variant: "on" }, { variant: "off" }] }),
  (range) => ({
    segments: [
      { bucket: { ...BUCKET, allocations: [{ ...ALLOCATED, range }] } },
      { variant: "off" },
    ],
  }),
  (range) => ({
    segments: [
      {
        bucket: {
          ...BUCKET,
          allocations: [
            { ...ALLOCATED, distributions: [{ variant: "off", range }] },
            { ...ALLOCATED, range: [0, 100] },
          ],
        },
      },
    ],
  }),
  (dependencies) => ({ segments: [{ variant: "on" }], dependencies }),
  (segments) => ({ segments }),
  (conditions) => ({ segments: [{ conditions, variant: "on" }, { variant: "off" }] }),
  (allocations) => ({ segments: [{ bucket: { ...BUCKET, allocations }, variant: "off" }] }),
  (distributions) => ({
    segments: [
      {
        bucket: { ...BUCKET, allocations: [{ ...ALLOCATED, distributions }, ALLOCATED] },
        variant: "off",
      },
    ],
  }),
  ...["on", 0, "length"].map((variant) => (variants: unknown) => ({
    variants,
    segments: [{ variant }, { bucket: BUCKET }],
  })),
];

describe("flags with parts of another type", () => {
  it.each(ODD.map((odd) => ({ odd })))("have the vendor's results, such as $odd", ({ odd }) => {
    for (const part of PARTS) {
      const variants = { on: { key: "on" }, off: { key: "off" } };
      const f = { key: "f", variants, ...part(odd) };
      const result = ["result", "f", "metadata"];
      const conditions = [[{ selector: result, op: "is not", values: ["(none)"] }]];
      const segments = [{ conditions, variant: "on" }];
      const g = { key: "g", dependencies: ["f"], variants, segments };
      const bootstrap = { f, g } as never;
      const answerOf = (Client: typeof VendorClient): object => {
        const client = new Client("key", { bootstrap, loggerProvider: SILENT });
        try {
          return client.evaluateV2({ user_id: "u1" });
        } catch {
          return {}; // the vendor loses all flags, we only this one
        }
      };
      const ours = answerOf(LocalEvaluationClient as unknown as typeof VendorClient);
      expect(ours, JSON.stringify(bootstrap)).toEqual(answerOf(VendorClient));
    }
  });
});

describe("an evaluation for an untyped caller", () => {
  const create = (Client: typeof VendorClient) => {
    const client = new Client("key", { bootstrap: flags() as never, loggerProvider: SILENT });
    const cohort = { groupTypeId: 0, lastComputed: 1, lastModified: 1, size: 1 };
    const memberIds = new Set(["u1"]);
    client.cohortStorage.put({ ...cohort, cohortId: "c1", groupType: "User", memberIds });
    const acme = { cohortId: "c2", groupType: "org", memberIds: new Set(["acme"]) };
    client.cohortStorage.put({ ...cohort, ...acme });
    return client;
  };
  const clients = () => [
    create(VendorClient),
    create(LocalEvaluationClient as unknown as typeof VendorClient), // the surface test compares the types
  ];

  it.each(USERS)("has the vendor's results for a user with $what", ({ user }) => {
    const [theirs, ours] = clients().map((client) => {
      const given = user() as object;
      return { variants: client.evaluateV2(given), after: JSON.stringify(Object.values(given)) };
    });
    expect(ours).toEqual(theirs);
  });

  it.each(FLAG_KEYS.map((flagKeys) => ({ flagKeys })))(
    "has the vendor's results for the flag keys $flagKeys",
    ({ flagKeys }) => {
      const user = { user_id: "u1", country: "DK" };
      const [theirs, ours] = clients().map((it) => it.evaluateV2({ ...user }, flagKeys as never));
      expect(ours).toEqual(theirs);
      expect(Object.keys(theirs ?? {}).length).toBeLessThan(3);
    },
  );
});
