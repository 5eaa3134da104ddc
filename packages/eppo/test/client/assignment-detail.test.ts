import { createHash } from "node:crypto";
import { startTestServer } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { OURS, VENDOR } from "../sdks.js";
import { openShop, type Shop, withBoth } from "./shop.js";

const half = (start: number) => [{ salt: "holdout", ranges: [{ start, end: start + 5 }] }];

/** Both halves are assigned the same variation. Its own key differs from its name. */
const FLAG = {
  key: "offer",
  enabled: true,
  variationType: "STRING",
  variations: { on: { key: "new-offer", value: "new" }, "new-offer": { key: "x", value: "other" } },
  totalShards: 10,
  allocations: [
    {
      key: "all",
      doLog: true,
      splits: [
        { variationKey: "on", shards: half(0), extraLogging: { holdoutVariation: "status_quo" } },
        { variationKey: "on", shards: half(5), extraLogging: { holdoutVariation: "all_shipped" } },
      ],
    },
  ],
};

const PATTERN = { attribute: "name", operator: "MATCHES" };

/** Serves these flags. */
function serve(flags: object, more: object = {}) {
  const body = JSON.stringify({ createdAt: "2026-01-01T00:00:00.000Z", flags, ...more });
  return startTestServer({ kind: "answer", body });
}

/** Plays the same with both packages, and expects the same. Default: two flags, one of which assigns nothing. */
async function both<T>(
  happens: (shop: Shop) => T,
  flags: object = { offer: FLAG, none: { ...FLAG, allocations: [] } },
  more: object = {},
): Promise<T> {
  await using server = await serve(flags, more);
  return await withBoth(server, happens);
}

describe("getAssignmentDetail", () => {
  it("has the fields of the subject's split even if another split has the same variation", async () => {
    const expected = await both(({ client }) =>
      Array.from({ length: 20 }, (_, i) => {
        const { extraLogging, variation } = client.getAssignmentDetail("offer", `user-${i}`);
        return { extraLogging, variation };
      }),
    );
    const fields = new Set(expected.map(({ extraLogging }) => extraLogging["holdoutVariation"]));
    expect([...fields].sort()).toEqual(["all_shipped", "status_quo"]);
  });

  it.each([
    { doLog: undefined },
    { doLog: null },
    { doLog: 0 },
    { doLog: "yes" },
    { doLog: false },
  ])("repeats doLog as received, like precomputed configurations: $doLog", async (over) => {
    const allocations = FLAG.allocations.map((it) => ({ ...it, ...over }));
    await both(
      ({ client }) => {
        const { doLog } = client.getAssignmentDetail("offer", "alice");
        const text = client.getPrecomputedConfiguration("alice", {}, {}, "salt");
        const { response } = (JSON.parse(text) as { precomputed: { response: string } })
          .precomputed;
        const { flags } = JSON.parse(response) as { flags: Record<string, { doLog?: unknown }> };
        return [doLog, Object.values(flags).map((it) => ["doLog" in it, it.doLog])];
      },
      { offer: { ...FLAG, allocations } },
    );
  });

  it.each([5, 0, "7", null, undefined])("repeats the entity as received: %o", async (entityId) => {
    await both(
      ({ assignments, client }) => {
        const { entityId } = client.getAssignmentDetail("offer", "alice");
        return [entityId, ...assignments.map((it) => it.entityId)];
      },
      { offer: { ...FLAG, entityId } },
    );
  });

  it.each([
    { variationType: "INTEGER", value: 1.5 },
    { variationType: "STRING", value: true },
    { variationType: "JSON", value: { a: 1 } },
    { variationType: "BOOLEAN", value: null },
  ])(
    "treats a value of another type as a match unless a type is requested: $variationType, $value",
    async ({ value, variationType }) => {
      await both(
        ({ client }) => {
          const types = [undefined, variationType as "INTEGER"];
          const records = types.map((it) => client.getAssignmentDetail("offer", "alice", {}, it));
          client.setIsGracefulFailureMode(false);
          return [...records, client.getAssignmentDetail("offer", "bob")];
        },
        { offer: { ...FLAG, variationType, variations: { on: { key: "on", value } } } },
      );
    },
  );

  it.each(["string", "nope", "", null, "constructor"])(
    "does not accept %o as a type",
    async (type) => {
      await both(({ client }) =>
        client.getAssignmentDetail("offer", "alice", {}, type as "STRING"),
      );
    },
  );

  it("names an evaluated flag by its own key, and any other flag by the requested key", async () => {
    const keys = await both(({ client }) =>
      [
        ...["offer", "none", "unknown"].map((key) => client.getAssignmentDetail(key, "alice")),
        client.getAssignmentDetail("none", "alice", {}, "JSON"),
      ].map(({ flagKey }) => flagKey),
    );
    expect(keys).toEqual(["offer", "offer", "unknown", "none"]);
  });

  it("is the record of an override, even in a copy, until the copy loses its overrides", async () => {
    const expected = await both(({ client }) => {
      const overrides: Parameters<typeof client.withOverrides>[0] & object = {
        offer: { key: "forced", value: "forced value" },
      };
      const copy = client.withOverrides(overrides);
      overrides["offer"] = { key: "later", value: "later value" };
      const askBoth = () =>
        [client, copy].map((it) => {
          const record = it.getAssignmentDetail("offer", "alice");
          const { flagEvaluationDetails: _, ...rest } = record;
          return rest;
        });
      const results = askBoth();
      copy.unsetOverrideStore();
      return [...results, ...askBoth()];
    });
    expect(expected[1]).toMatchObject({ allocationKey: "override-forced", doLog: false });
  });

  it("has the decoded fields of a flag in an obfuscated configuration", async () => {
    const md5 = (text: string) => createHash("md5").update(text).digest("hex");
    const encoded = (text: string) => Buffer.from(text).toString("base64");
    const hashed = (key: string, variationType: string, value: string) => ({
      key: md5(key),
      enabled: true,
      variationType,
      variations: { [encoded("on")]: { key: encoded("on"), value: encoded(value) } },
      totalShards: 10,
      entityId: 7,
      allocations: [
        {
          key: encoded("all"),
          doLog: true,
          splits: [0, 5].map((start) => ({
            variationKey: encoded("on"),
            shards: [{ salt: encoded("holdout"), ranges: [{ start, end: start + 5 }] }],
            extraLogging: { [encoded("half")]: encoded(`${start}`) },
          })),
        },
      ],
    });
    const flags = {
      [md5("offer")]: hashed("offer", "STRING", "neu ü"),
      [md5("count")]: hashed("count", "INTEGER", "3"),
      [md5("layout")]: hashed("layout", "JSON", '{"a":1}'),
      [md5("none")]: { ...hashed("none", "STRING", "x"), allocations: [] },
    };
    const [first] = await both(
      ({ client }) => [
        ...["offer", "count", "layout", "none", "unknown"].flatMap((key) =>
          ["alice", "bob", "carol"].map((user) => client.getAssignmentDetail(key, user)),
        ),
        client.getAssignmentDetail("layout", "dora", {}, "JSON"),
      ],
      flags,
      { format: "CLIENT" },
    );
    expect(first).toMatchObject({ doLog: true, entityId: 7, flagKey: "offer" });
  });

  it.each(['{"a":1}', "{", ""])(
    "logs JSON as a string unless JSON is requested: %j",
    async (value) => {
      const variations = { on: { key: "on", value } };
      const logged = await both(
        ({ assignments, client }) => {
          for (const isStrict of [false, true]) {
            client.setIsGracefulFailureMode(!isStrict);
            client.getAssignmentDetail("offer", isStrict ? "alice" : "bob");
          }
          return assignments;
        },
        { offer: { ...FLAG, variationType: "JSON", variations } },
      );
      expect(logged).toMatchObject([{ evaluationDetails: { variationValue: value } }, {}]);
    },
  );

  it.each([
    ["allocations that are no list", { allocations: 5 }],
    ["no allocations", { allocations: undefined }],
    ["a split without a variation", { variations: {} }],
    ["JSON that is none", { variationType: "JSON", variations: { on: { key: "on", value: "{" } } }],
    [
      "a pattern that is none",
      {
        allocations: [
          { ...FLAG.allocations[0], rules: [{ conditions: [{ ...PATTERN, value: "(" }] }] },
        ],
      },
    ],
  ])(
    "throws only in strict mode for a flag with %s, while the vendor's always throws",
    async (_, over) => {
      const variationType = ("variationType" in over ? over.variationType : "STRING") as "STRING";
      await using broken = await serve({ offer: { ...FLAG, ...over } });
      const [vendor, ours] = await Promise.all(
        [VENDOR, OURS].map(async (sdk) => {
          const { assignments, client } = await openShop(sdk, broken);
          const results = [true, false].map((isGraceful) => {
            client.setIsGracefulFailureMode(isGraceful);
            try {
              return client.getAssignmentDetail("offer", "alice", { name: "a" }, variationType);
            } catch {
              return "thrown";
            }
          });
          return [...results, assignments];
        }),
      );
      expect(vendor).toEqual(["thrown", "thrown", []]);
      expect(ours).toEqual([expect.objectContaining({ variation: null }), "thrown", []]);
    },
  );

  it("accepts an override of any type, even in strict mode", async () => {
    await both(({ client }) => {
      const copy = client.withOverrides({ offer: { key: "forced", value: "{" } });
      copy.setIsGracefulFailureMode(false);
      const types = ["JSON", "INTEGER", "STRING"] as const;
      return types.map((it) => copy.getAssignmentDetail("offer", "alice", {}, it));
    });
  });
});
