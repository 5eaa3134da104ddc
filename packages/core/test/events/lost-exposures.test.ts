import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { type AssignmentLogger, type Client, createClient } from "../../src/index.js";
import { type BufferedLogger, createBufferedLogger } from "../../src/logger/buffered-logger.js";
import { type BufferedLoggerOptions, resolveLoggerOptions } from "../../src/logger/options.js";
import type { Settle } from "../../src/logger/vendor.js";
import { shoes } from "./clients.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const CONFIGURATION = shoes(["f"]);

interface SetUp {
  readonly client: Client;
  readonly logger: BufferedLogger;
  /** Messages that the library has, with their IDs. */
  readonly sent: { readonly id: string; readonly settle: Settle }[];
  /** Evaluates the flag for the same subject, and lets the library receive the event. */
  evaluate(): Promise<string>;
}

function setUp(
  options: BufferedLoggerOptions = {},
  { isBuilt = true, others = [] as readonly AssignmentLogger[] } = {},
): SetUp {
  const clock = createFakeClock();
  const sent: SetUp["sent"] = [];
  const logger = createBufferedLogger<{ id: string; text: string }>(
    {
      maxInFlight: 10,
      handOverAt: 1,
      flushIntervalMs: 0,
      open: () => ({
        send: ({ id }, settle) => void sent.push({ id, settle }),
        flush: async () => {},
      }),
    },
    resolveLoggerOptions(
      { clock, diagnostics: SILENT, onError() {}, ...options },
      {},
      {
        name: "library",
        owned: true,
      },
    ),
    ({ id }) => (isBuilt ? { id, text: "x".repeat(500) } : null),
    false,
  );
  const client = createClient({
    initialConfiguration: CONFIGURATION,
    diagnostics: SILENT,
    clock,
    assignmentLogger: [logger, ...others],
    exposures: { loggerTimeoutMs: 1_000 },
  });
  return {
    client,
    logger,
    sent,
    async evaluate() {
      const { exposure } = client.getStringAssignmentDetails("f", "alice", {}, "");
      await clock.advance(0);
      return exposure.reason;
    },
  };
}

describe("an exposure that its logger holds", () => {
  it("is not logged again until the logger has lost it, and then with the same message ID", async () => {
    const { client, evaluate, sent } = setUp();
    expect([await evaluate(), await evaluate()]).toEqual(["delivered", "deduplicated"]);
    sent[0]?.settle.failed(new Error("down"));
    expect([await evaluate(), await evaluate()]).toEqual(["delivered", "deduplicated"]);
    expect(sent.map(({ id }) => id)).toEqual([sent[0]?.id, sent[0]?.id]);
    sent[1]?.settle.delivered();
    expect(await evaluate()).toBe("deduplicated");
    expect(client.status.counters.exposures.loggers["library"]).toMatchObject({
      accepted: 2,
      delivered: 2,
      later: { held: 0, failed: 1, dropped: 0 },
    });
  });

  it.each([
    { what: "an outage", end: (it: Settle) => it.failed(new Error("401")), isAgain: true },
    { what: "a firewall", end: (it: Settle) => it.refused("refused", null, false), isAgain: true },
    { what: "a refusal of this event", end: (it: Settle) => it.refused("refused"), isAgain: false },
    { what: "its size", end: (it: Settle) => it.refused("too-large"), isAgain: false },
  ])("is logged again after a loss by $what: $isAgain", async ({ end, isAgain }) => {
    const { evaluate, sent } = setUp();
    await evaluate();
    if (sent[0] !== undefined) end(sent[0].settle);
    expect(await evaluate()).toBe(isAgain ? "delivered" : "deduplicated");
  });

  it.each([
    { what: "the mapper", set: () => setUp({}, { isBuilt: false }), isAgain: false },
    { what: "maxBufferedBytes", set: () => setUp({ maxBufferedBytes: 1_000 }), isAgain: false },
    { what: "a closed logger", set: () => closed(), isAgain: true },
    { what: "a full buffer", set: () => full(), isAgain: true },
  ])("is logged again after a loss by $what: $isAgain", async ({ isAgain, set }) => {
    const { evaluate } = await set();
    await evaluate();
    expect(await evaluate()).toBe(isAgain ? "delivered" : "deduplicated");
  });

  it("is not logged again if another logger has it", async () => {
    const { evaluate, sent } = setUp({}, { others: [{ name: "own", logAssignment() {} }] });
    await evaluate();
    sent[0]?.settle.failed(new Error("down"));
    expect(await evaluate()).toBe("deduplicated");
  });
});

describe("an exposure whose logger did not settle in time", () => {
  it("is logged again with the same message ID, because the receiver may have it", async () => {
    const clock = createFakeClock();
    const ids: string[] = [];
    const client = createClient({
      initialConfiguration: CONFIGURATION,
      diagnostics: SILENT,
      clock,
      exposures: { loggerTimeoutMs: 1_000 },
      assignmentLogger: {
        logAssignment: ({ messageId }) => {
          ids.push(messageId);
          return new Promise(() => {});
        },
      },
    });
    client.getStringAssignment("f", "alice", {}, "");
    await clock.advance(1_000);
    client.getStringAssignment("f", "alice", {}, "");
    expect(ids).toEqual([ids[0], ids[0]]);
  });
});

async function closed(): Promise<SetUp> {
  const made = setUp();
  await made.logger.close();
  return made;
}

async function full(): Promise<SetUp> {
  const made = setUp({ maxBuffered: 1 });
  made.client.getStringAssignment("f", "bob", {}, "");
  return made;
}
