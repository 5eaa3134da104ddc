import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { exposureCounters } from "../src/client/client-internals.js";
import { Configuration, createClient } from "./eppo-client.js";

const flags = {
  on: {
    key: "on",
    enabled: true,
    variationType: "STRING",
    variations: { a: { key: "a", value: "a" } },
    allocations: [{ key: "all", splits: [{ variationKey: "a", shards: [] }], doLog: true }],
  },
};
const initialConfiguration = Configuration.from({ flagsConfiguration: JSON.stringify({ flags }) });

describe("a client in Node's console.log", () => {
  it("shows state, flags, revision and loggers", () => {
    const client = createClient({
      initialConfiguration,
      assignmentLogger: { name: "mine", logAssignment() {} },
    });
    client.getStringAssignment("on", "s", {}, "");
    const text = inspect(client);
    expect(text).toMatch(/^Client \{\s+state: 'ready',\s+dialect: 'eppo',\s+flags: 1,/);
    expect(text).toContain(`revision: '${client.status.revision}'`);
    expect(text).toContain("mine: { accepted: 1, delivered: 1, lost: 0, pending: 0 }");
  });

  it("shows its state without a configuration, even inside another object", () => {
    const client = createClient({ assignmentLogger: null });
    expect(inspect({ client })).toMatch(/client: Client \{\s+state: 'initializing'/);
  });
});

describe("a client's exposure counters", () => {
  it("equal those of its status, but need no hash for the revision", () => {
    let revisionsRead = 0;
    const configuration = Configuration.from({ flagsConfiguration: JSON.stringify({ flags }) });
    Object.defineProperty(configuration, "revision", { get: () => String(++revisionsRead) });
    const assignmentLogger = { name: "mine", logAssignment() {} };
    const client = createClient({ initialConfiguration: configuration, assignmentLogger });
    client.getStringAssignment("on", "s", {}, "");
    const readBefore = revisionsRead;
    expect(exposureCounters(client).loggers).toMatchObject({ mine: { accepted: 1, delivered: 1 } });
    expect(revisionsRead).toBe(readBefore);
    expect(client.status.counters.exposures).toEqual(exposureCounters(client));
    expect(revisionsRead).toBe(readBefore + 1);
  });
});

describe("the status of a client", () => {
  it.each([-8.64e15, 8.64e15, Number.NaN, Number.POSITIVE_INFINITY])(
    "does not throw when the clock reads %d",
    (now) => {
      const { now: real } = Date;
      Date.now = () => now;
      try {
        const client = createClient({ initialConfiguration });
        client.setConfiguration(initialConfiguration);
        expect(client.status.state).toBe("ready");
      } finally {
        Date.now = real;
      }
    },
  );
});
