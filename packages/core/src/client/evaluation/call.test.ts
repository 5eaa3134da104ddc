import { describe, expect, it } from "vitest";
import { Configuration, createClient } from "../../../test/eppo-client.js";
import { attributeReader } from "../../conditions/reader.js";
import { Call } from "./call.js";

/** A flag with a rule for one country. All other subjects are split in halves by their hash. */
function bodyOf(): string {
  const half = (variationKey: string, start: number) => ({
    variationKey,
    shards: [{ salt: "s", ranges: [{ start, end: start + 5_000 }] }],
  });
  const flag = {
    key: "f",
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: Object.fromEntries(["a", "b", "home"].map((key) => [key, { key, value: key }])),
    allocations: [
      {
        key: "home",
        rules: [{ conditions: [{ attribute: "country", operator: "ONE_OF", value: ["DE"] }] }],
        splits: [{ variationKey: "home", shards: [] }],
        doLog: true,
      },
      { key: "halves", splits: [half("a", 0), half("b", 5_000)], doLog: true },
    ],
  };
  return JSON.stringify({ flags: { f: flag } });
}

const initialConfiguration = Configuration.from({ flagsConfiguration: bodyOf() });

describe("a reused call", () => {
  it("keeps no reference to the caller's objects when it ends", () => {
    const call = new Call(() => 7);
    call.begin("f", "alice", { plan: "pro" }, "string", initialConfiguration, null);
    const { subject } = call;
    expect([call.nowMs(), subject.key, subject.attributes]).toEqual([7, "alice", { plan: "pro" }]);
    call.end();
    expect([call.flagKey, subject.key, subject.attributes]).toEqual(["", "", {}]);
    expect([call.served, call.flag, call.trace, call.met, call.extras]).toEqual(
      new Array(5).fill(null),
    );
  });

  it("checks for each subject whether its attributes are plain", () => {
    const call = new Call(() => 0);
    const readPlan = attributeReader("plan");
    const bare = Object.assign(Object.create(null), { plan: "pro" });
    const plain = [{ plan: "pro" }, Object.create({ plan: "pro" }), { plan: "pro" }, bare, {}].map(
      (attributes) => {
        call.begin("f", "alice", attributes, "string", initialConfiguration, null);
        readPlan(call.subject);
        const { arePlain } = call.subject;
        call.end();
        return arePlain;
      },
    );
    expect(plain).toEqual([true, false, true, false, null]);
  });

  it("makes no claim about the attributes of a copy", () => {
    const call = new Call(() => 0);
    call.begin("f", "alice", { plan: "pro" }, "string", initialConfiguration, null);
    const readPlan = attributeReader("plan");
    readPlan(call.subject);
    expect(readPlan({ ...call.subject, attributes: Object.create({ plan: "pro" }) })).toBe(
      undefined,
    );
  });

  it("reads the clock once per call", () => {
    let nowMs = 0;
    const call = new Call(() => ++nowMs);
    expect([call.nowMs(), call.nowMs()]).toEqual([1, 1]);
    call.end();
    expect(call.nowMs()).toBe(2);
  });

  it("is not disturbed by nested evaluations from attributes and loggers", () => {
    const logged: unknown[] = [];
    const client = createClient({
      initialConfiguration,
      assignmentLogger: {
        logAssignment({ subject, variation, subjectAttributes }) {
          logged.push([subject, variation, Object.keys(subjectAttributes).length]);
          if (subject !== "inner") client.getStringAssignment("f", "inner", {}, "none");
        },
      },
    });
    const alone = (subject: string): string => client.getStringAssignment("f", subject, {}, "none");
    const expected = ["u1", "u2", "u3", "u4", "u5", "u6"].map((it) => [it, alone(it)]);
    expect(new Set(expected.map(([, variation]) => variation)).size).toBe(2);
    const nested = expected.map(([subject]) => {
      const attributes = {
        get country(): string {
          return client.getStringAssignment("f", `${subject}-inner`, { country: "DE" }, "none");
        },
      };
      return [subject, client.getStringAssignment("f", subject!, attributes, "none")];
    });
    expect(nested).toEqual(expected);
    expect(logged).toContainEqual(["inner", expect.any(String), 0]);
  });

  it("can be reused after it threw, as in strict mode", () => {
    const client = createClient({
      initialConfiguration,
      isGracefulMode: false,
      assignmentLogger: null,
    });
    expect(() => client.getBooleanAssignment("f", "u", {}, false)).toThrow();
    expect(client.getStringAssignment("f", "u", { country: "DE" }, "none")).toBe("home");
  });
});
