import { createHash } from "node:crypto";
import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { comparable } from "../events.js";
import { type NamedSdk, OURS, VENDOR } from "../sdks.js";
import { openShop } from "./shop.js";

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

let server: TestServer;

beforeEach(async () => {
  const flags = { offer: FLAG, none: { ...FLAG, allocations: [] } };
  const body = { createdAt: "2026-01-01T00:00:00.000Z", flags };
  server = await startTestServer({ kind: "answer", body: JSON.stringify(body) });
});
afterEach(() => server.close());

describe("getAssignmentDetail", () => {
  it("has the fields of the subject's split even if another split has the same variation", async () => {
    const ask = async (sdk: NamedSdk) => {
      const { client } = await openShop(sdk, server);
      return Array.from({ length: 20 }, (_, i) => {
        const { extraLogging, variation } = client.getAssignmentDetail("offer", `user-${i}`);
        return { extraLogging, variation };
      });
    };
    const expected = await ask(VENDOR);
    const fields = new Set(expected.map(({ extraLogging }) => extraLogging["holdoutVariation"]));
    expect([...fields].sort()).toEqual(["all_shipped", "status_quo"]);
    expect(await ask(OURS)).toEqual(expected);
  });

  it.each([
    { doLog: undefined },
    { doLog: null },
    { doLog: 0 },
    { doLog: "yes" },
    { doLog: false },
  ])("repeats doLog as received, like precomputed configurations: $doLog", async (over) => {
    const allocations = FLAG.allocations.map((it) => ({ ...it, ...over }));
    const flags = { offer: { ...FLAG, allocations } };
    const body = JSON.stringify({ createdAt: "2026-01-01T00:00:00.000Z", flags });
    const odd = await startTestServer({ kind: "answer", body });
    const ask = async (sdk: NamedSdk) => {
      const { assignments, client } = await openShop(sdk, odd);
      const { doLog } = client.getAssignmentDetail("offer", "alice");
      const text = client.getPrecomputedConfiguration("alice", {}, {}, "salt");
      const { response } = (JSON.parse(text) as { precomputed: { response: string } }).precomputed;
      const { flags } = JSON.parse(response) as { flags: Record<string, { doLog?: unknown }> };
      const answers = Object.values(flags).map((it) => ["doLog" in it, it.doLog]);
      return { doLog, answers, logged: assignments.length };
    };
    expect(await ask(OURS)).toStrictEqual(await ask(VENDOR));
    await odd.close();
  });

  it.each([5, 0, "7", null, undefined])("repeats the entity as received: %o", async (entityId) => {
    const flags = { offer: { ...FLAG, entityId } };
    const body = JSON.stringify({ createdAt: "2026-01-01T00:00:00.000Z", flags });
    const odd = await startTestServer({ kind: "answer", body });
    const ask = async (sdk: NamedSdk) => {
      const { assignments, client } = await openShop(sdk, odd);
      const { entityId } = client.getAssignmentDetail("offer", "alice");
      return [entityId, ...assignments.map((it) => it.entityId)];
    };
    expect(await ask(OURS)).toStrictEqual(await ask(VENDOR));
    await odd.close();
  });

  it.each([
    { variationType: "INTEGER", value: 1.5 },
    { variationType: "STRING", value: true },
    { variationType: "JSON", value: { a: 1 } },
    { variationType: "BOOLEAN", value: null },
  ])(
    "treats a value of another type as a match unless a type is requested: $variationType, $value",
    async (over) => {
      const { value, variationType } = over;
      const flags = { offer: { ...FLAG, variationType, variations: { on: { key: "on", value } } } };
      const body = JSON.stringify({ createdAt: "2026-01-01T00:00:00.000Z", flags });
      const odd = await startTestServer({ kind: "answer", body });
      const ask = async (sdk: NamedSdk) => {
        const { assignments, client } = await openShop(sdk, odd);
        const types = [undefined, variationType as "INTEGER"];
        const records = types.map((it) => client.getAssignmentDetail("offer", "alice", {}, it));
        client.setIsGracefulFailureMode(false);
        records.push(client.getAssignmentDetail("offer", "bob"));
        return comparable([records, assignments]);
      };
      expect(await ask(OURS)).toEqual(await ask(VENDOR));
      await odd.close();
    },
  );

  it.each(["string", "nope", "", null, "constructor"])(
    "does not accept %o as a type",
    async (type) => {
      const ask = async (sdk: NamedSdk) => {
        const { assignments, client } = await openShop(sdk, server);
        const record = client.getAssignmentDetail("offer", "alice", {}, type as "STRING");
        return comparable([record, assignments]);
      };
      expect(await ask(OURS)).toEqual(await ask(VENDOR));
    },
  );

  it("names an evaluated flag by its own key, and any other flag by the requested key", async () => {
    const ask = async (sdk: NamedSdk) => {
      const { client } = await openShop(sdk, server);
      return [
        ...["offer", "none", "unknown"].map((key) => client.getAssignmentDetail(key, "alice")),
        client.getAssignmentDetail("none", "alice", {}, "JSON"),
      ].map(({ flagKey }) => flagKey);
    };
    expect(await ask(VENDOR)).toEqual(["offer", "offer", "unknown", "none"]);
    expect(await ask(OURS)).toEqual(await ask(VENDOR));
  });

  it("is the record of an override, even in a copy, until the copy loses its overrides", async () => {
    const ask = async (sdk: NamedSdk) => {
      const { client } = await openShop(sdk, server);
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
    };
    const expected = await ask(VENDOR);
    expect(expected[1]).toMatchObject({ allocationKey: "override-forced", doLog: false });
    expect(await ask(OURS)).toEqual(expected);
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
    const body = JSON.stringify({ createdAt: "2026-01-01T00:00:00.000Z", format: "CLIENT", flags });
    const obfuscated = await startTestServer({ kind: "answer", body });
    const ask = async (sdk: NamedSdk) => {
      const { assignments, client } = await openShop(sdk, obfuscated);
      const records = ["offer", "count", "layout", "none", "unknown"].flatMap((key) =>
        ["alice", "bob", "carol"].map((user) => client.getAssignmentDetail(key, user)),
      );
      records.push(client.getAssignmentDetail("layout", "dora", {}, "JSON"));
      return comparable([records, assignments]);
    };
    const expected = await ask(VENDOR);
    expect(expected).toMatchObject({ 0: { 0: { doLog: true, entityId: 7, flagKey: "offer" } } });
    expect(await ask(OURS)).toEqual(expected);
    await obfuscated.close();
  });

  it.each(['{"a":1}', "{", ""])(
    "logs JSON as a string unless JSON is requested: %j",
    async (value) => {
      const variations = { on: { key: "on", value } };
      const flags = { offer: { ...FLAG, variationType: "JSON", variations } };
      const body = JSON.stringify({ createdAt: "2026-01-01T00:00:00.000Z", flags });
      const odd = await startTestServer({ kind: "answer", body });
      const ask = async (sdk: NamedSdk) => {
        const { assignments, client } = await openShop(sdk, odd);
        const records = [false, true].map((isStrict) => {
          client.setIsGracefulFailureMode(!isStrict);
          return client.getAssignmentDetail("offer", isStrict ? "alice" : "bob");
        });
        return comparable([records, assignments]);
      };
      const expected = await ask(VENDOR);
      expect(expected).toMatchObject([{}, [{ evaluationDetails: { variationValue: value } }, {}]]);
      expect(await ask(OURS)).toEqual(expected);
      await odd.close();
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
      const flags = { offer: { ...FLAG, ...over } };
      const body = JSON.stringify({ createdAt: "2026-01-01T00:00:00.000Z", flags });
      const broken = await startTestServer({ kind: "answer", body });
      const ask = async (sdk: NamedSdk) => {
        const { assignments, client } = await openShop(sdk, broken);
        const [graceful, strict] = [true, false].map((isGraceful) => {
          client.setIsGracefulFailureMode(isGraceful);
          try {
            const attributes = { name: "a" };
            const record = client.getAssignmentDetail("offer", "alice", attributes, variationType);
            return { record };
          } catch {
            return "thrown";
          }
        });
        return { graceful, strict, assignments: comparable(assignments) };
      };
      const vendor = await ask(VENDOR);
      const ours = await ask(OURS);
      expect(vendor).toEqual({ graceful: "thrown", strict: "thrown", assignments: [] });
      const graceful = { record: expect.objectContaining({ variation: null }) };
      expect(ours).toEqual({ ...vendor, graceful });
      await broken.close();
    },
  );

  it("accepts an override of any type, even in strict mode", async () => {
    const ask = async (sdk: NamedSdk) => {
      const { client } = await openShop(sdk, server);
      const copy = client.withOverrides({ offer: { key: "forced", value: "{" } });
      copy.setIsGracefulFailureMode(false);
      const types = ["JSON", "INTEGER", "STRING"] as const;
      return comparable(types.map((it) => copy.getAssignmentDetail("offer", "alice", {}, it)));
    };
    expect(await ask(OURS)).toEqual(await ask(VENDOR));
  });
});
