import { describe, expect, it } from "vitest";
import type { CompileInput, Dialect } from "../../src/dialect.js";
import { eppo } from "../../src/eppo.js";
import { revisionOf } from "../../src/runtime/revision.js";
import type { Configuration } from "../eppo-client.js";
import { configurationOf, payloadsOf, setUp } from "./set-up.js";

const fault = new TypeError("a fault of the dialect");

/** A dialect of one flag. The named call throws the first time. */
function faultyDialect(thrower: string): Dialect {
  let hasThrown = false;
  const pass = (call: string): void => {
    if (hasThrown || call !== thrower) return;
    hasThrown = true;
    throw fault;
  };
  const dialect: Dialect = {
    name: "faulty",
    needsSubjectKey: true,
    openFeature: eppo().openFeature,
    endpoints: [],
    defaultBaseUrl: () => "https://example.com",
    createTrace: eppo().createTrace,
    async prepare() {
      pass("prepare");
      return {};
    },
    compile({ payloads }: CompileInput) {
      pass("compile");
      const configuration = {
        dialect,
        payloads,
        publishedAtMs: null,
        environment: null,
        issues: [],
        issueCount: { found: 0, complete: true },
        flag: () => null,
        get revision() {
          pass("revision");
          return revisionOf(payloads);
        },
        get flagKeys() {
          pass("flagKeys");
          return new Set(["a"]);
        },
        isSameFlag() {
          pass("isSameFlag");
          return false;
        },
        // biome-ignore lint/correctness/useYield: there is nothing to inspect
        *inspect() {
          pass("inspect");
        },
      };
      return configuration as unknown as Configuration; // only the members that the lifecycle uses
    },
  };
  return dialect;
}

describe("lifecycle §7 fault 39: a dialect that throws once while a payload is taken", () => {
  it.each(["prepare", "compile", "flagKeys", "revision", "isSameFlag"])(
    "in %s: that offer is rejected with the true error, and the next one is applied",
    async (thrower) => {
      const { client, source } = setUp({ dialect: faultyDialect("nothing") });
      await source.sink.offer(payloadsOf("first"));
      const { revision } = client.status;

      const faulty = setUp({ dialect: faultyDialect(thrower) });
      // The first payload is not compared.
      if (thrower === "isSameFlag") await faulty.source.sink.offer(payloadsOf("zeroth"));
      const before = faulty.client.getConfiguration();
      expect(await faulty.source.sink.offer(payloadsOf("first"))).toEqual({
        outcome: "rejected",
        error: expect.objectContaining({ code: "SORTITION_DECODE", cause: fault }),
      });
      expect(faulty.client.getConfiguration()).toBe(before);
      expect(await faulty.source.sink.offer(payloadsOf("first"))).toEqual({ outcome: "applied" });
      expect(faulty.client.status.revision).toBe(revision);
    },
  );

  it("in apply: the client keeps its configuration and reports the error", async () => {
    const { client, source, events } = setUp({ dialect: faultyDialect("revision") });
    const update = await source.sink.prepare(payloadsOf("first"));
    if (update.outcome !== "changed") throw new Error("it did not load");
    // The revision has not been read yet: the first swap reads it.
    update.apply();
    expect(client.getConfiguration()).toBeNull();
    expect(client.status.lastError).toMatchObject({ code: "SORTITION_DECODE" });
    expect(events).toEqual(["error"]);
    update.apply();
    expect(client.status.state).toBe("ready");
  });

  it("in inspect: the configuration is served, and the fault is reported", async () => {
    const set = setUp({ dialect: faultyDialect("inspect") });
    await set.source.sink.offer(payloadsOf("first"));
    await set.clock.advance(1_000);
    expect(set.client.status.state).toBe("ready");
    const report = set.reports.find(({ message }) => message.includes("cannot be inspected"));
    expect(report?.facts).toMatchObject({ code: "SORTITION_DECODE" });
  });
});

describe("setConfiguration", () => {
  it.each(["flagKeys", "revision", "isSameFlag"])(
    "leaves no partial swap when %s throws, and works the next time",
    async (thrower) => {
      const dialect = faultyDialect(thrower);
      const { client, source, events, reports } = setUp({ dialect });
      const compile = (text: string): Configuration =>
        dialect.compile({ payloads: payloadsOf(text), prepared: {}, former: null });
      if (thrower === "isSameFlag") client.setConfiguration(compile("zeroth"));
      const before = client.getConfiguration();
      const { state } = client.status;
      events.splice(0);
      reports.splice(0);

      const next = compile("first");
      expect(() => client.setConfiguration(next)).toThrow(fault);
      expect(client.getConfiguration()).toBe(before);
      expect(client.status.state).toBe(state);
      expect([events, reports]).toEqual([[], []]);

      client.setConfiguration(next);
      expect(client.getConfiguration()).toBe(next);
      expect(client.status).toMatchObject({ state: "ready", source: "manual" });
      // A later offer is still applied.
      expect(await source.sink.offer(payloadsOf("second"))).toEqual({ outcome: "applied" });
    },
  );

  it.each([
    { configuration: undefined, because: "it is missing" },
    { configuration: null, because: "it is null" },
    { configuration: { flags: {} }, because: "it is a payload" },
    {
      configuration: {
        ...configurationOf("a"),
        flag: () => null,
        dialect: faultyDialect("nothing"),
      },
      because: "it belongs to another dialect",
    },
  ])("rejects a configuration, because $because", ({ configuration }) => {
    const { client } = setUp();
    expect(() => client.setConfiguration(configuration as never)).toThrow(
      expect.objectContaining({ code: "SORTITION_OPTION", option: "configuration" }),
    );
    expect(client.getConfiguration()).toBeNull();
  });
});

describe("a payload nested 15,000 deep, with a listener for changes", () => {
  const nested = (innermost: string): string =>
    JSON.stringify({
      flags: { a: { key: "a" } },
      banditReferences: {
        b: {
          modelVersion: "1",
          flagVariations: [
            {
              key: "b",
              flagKey: "a",
              allocationKey: "x",
              variationKey: "v",
              variationValue: "@",
            },
          ],
        },
      },
    }).replace('"@"', "[".repeat(15_000) + innermost + "]".repeat(15_000));

  it("is compared and applied, and so is the next one", async () => {
    const { source, events } = setUp();
    for (const innermost of ["1", "2"]) {
      expect(await source.sink.offer(payloadsOf(nested(innermost)))).toEqual({
        outcome: "applied",
      });
    }
    expect(events.filter((event) => event === "configuration-changed")).toHaveLength(2);
    expect(await source.offer("a")).toEqual({ outcome: "applied" });
  });
});
