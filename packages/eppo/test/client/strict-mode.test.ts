import { startTestServer, type TestServer } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type NamedSdk, OURS, VENDOR } from "../sdks.js";
import { openShop, type Shop } from "./shop.js";

const TYPES = ["STRING", "INTEGER", "NUMERIC", "BOOLEAN", "JSON"] as const;

/** A flag of each type, whose own key differs from its name. */
const FLAGS = Object.fromEntries(
  TYPES.map((variationType) => [
    variationType.toLowerCase(),
    {
      key: "inner",
      enabled: true,
      variationType,
      variations: {},
      allocations: [],
      totalShards: 10,
    },
  ]),
);

let server: TestServer;

beforeEach(async () => {
  const body = { createdAt: "2026-01-01T00:00:00.000Z", flags: FLAGS };
  server = await startTestServer({ kind: "answer", body: JSON.stringify(body) });
});
afterEach(() => server.close());

type Client = Shop["client"];

/** Returns the error or result of each getter for each flag. */
function outcomes(client: Client): readonly string[] {
  const getters: readonly ((flagKey: string, subjectKey: string) => unknown)[] = [
    (flag, subject) => client.getStringAssignment(flag, subject, {}, "default"),
    (flag, subject) => client.getIntegerAssignment(flag, subject, {}, 1),
    (flag, subject) => client.getNumericAssignmentDetails(flag, subject, {}, 1).variation,
    (flag, subject) => client.getBoolAssignment(flag, subject, {}, true),
    (flag, subject) => JSON.stringify(client.getJSONAssignment(flag, subject, {}, {})),
    (flag, subject) => client.getBanditAction(flag, subject, {}, ["a"], "default").variation,
    (flag, subject) => client.getAssignmentDetail(flag, subject, {}, "BOOLEAN").variation,
    (flag, subject) => client.getAssignmentDetail(flag, subject, {}, "odd" as never).variation,
    (flag) => client.getStringAssignment(flag, "", {}, "default"),
  ];
  return Object.keys(FLAGS).flatMap((flag) =>
    getters.map((get) => {
      try {
        return String(get(flag, "alice"));
      } catch (error) {
        const kind = error instanceof TypeError ? "TypeError" : "Error";
        return `${kind}: ${(error as Error).message}`;
      }
    }),
  );
}

describe("strict mode", () => {
  it("throws the vendor's error for a flag of another type, even in copies and with an override store", async () => {
    const ask = async (sdk: NamedSdk): Promise<readonly string[]> => {
      const { client } = await openShop(sdk, server);
      client.setIsGracefulFailureMode(false);
      const copy = client.withOverrides({ other: { key: "a", value: "a" } });
      const answers = [...outcomes(client), ...outcomes(copy)];
      client.setOverrideStore({
        ...{ get: () => null, entries: () => ({}), getKeys: () => [], isInitialized: () => true },
        setEntries() {},
      });
      answers.push(...outcomes(client));
      client.setIsGracefulFailureMode(true);
      return [...answers, ...outcomes(client)];
    };
    const expected = await ask(VENDOR);
    expect(expected.filter((answer) => answer.startsWith("TypeError: Variation"))).toHaveLength(99);
    expect(await ask(OURS)).toEqual(expected);
  });
});
