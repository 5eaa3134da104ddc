import { beforeAll, describe, expect, it } from "vitest";
import { describeRecordings } from "../request-recorder/index.js";
import { preloadWith } from "../request-recorder/preload.js";
import { AFTER_THE_END, recordSituation, type Situation } from "../request-recorder/situation.js";
import { STREAM_FAULTS, type StreamFault } from "./faults.js";
import type { StreamFaultsHarness } from "./harness.js";
import { INTERVAL_MS, StreamWorld } from "./world.js";

const LOST = "stream lost, polling";
const BACK = "stream is back";
/** Maximum time after which a stream that was lost, or could not be opened, is retried. */
const LONGEST_PAUSE_MS = 300_000;
/** The same, unless the server refused the stream. */
const LONG_PAUSE_MS = 120_000;

/** What is tried, and how to load lazy modules. */
export interface StreamFaultsSuite {
  /** Where the requests are recorded. One source records the machine that all of them use. */
  readonly file?: string;
  readonly harness: StreamFaultsHarness;
  readonly preload: () => Promise<unknown>;
}

/**
 * Declares the tests of stream faults. They check that no older value is served, that each loss is
 * reported once, and that nothing happens after the end. The file records the requests of each
 * fault, and what is served, reported and known in the meantime.
 *
 * @see docs/spec/lifecycle.md §7
 */
export function describeStreamFaults(suite: StreamFaultsSuite): void {
  const { file, harness, preload } = suite;
  const situations = [
    ...STREAM_FAULTS.flatMap((fault) => [recovery(fault, harness), end(fault, harness)]),
    ...(harness.lifeMs === null ? [] : [replacement(harness, harness.lifeMs)]),
    slowAnswer(harness),
  ];
  if (file !== undefined) {
    describeRecordings("streams", { file, situations, preload, waitsForThreads: false });
  }

  describe("a stream", () => {
    if (file === undefined) {
      beforeAll(() => preloadWith(preload));
      it.each(situations)("$name", async (situation) => {
        const text = await recordSituation(situation, undefined, false);
        expect(text).toContain(" closed");
        expect(text).not.toContain(AFTER_THE_END);
      });
    }

    it("lifecycle §7 fault 52: whose server is gone for 100 intervals, and comes back", async () => {
      const text = await recordSituation(outage(harness), undefined, false);
      // Requests of polling, and as many attempts to open the stream, about one a minute.
      expect(text.match(/CONNECT/g)?.length).toBeLessThan(300);
    });

    it("has 200 consecutive changes, and the client serves all of them or the newest", async () => {
      const text = await recordSituation(manyChanges(harness), undefined, false);
      expect(text.match(/ -> /g)).toHaveLength(harness.beginsWithAll ? 1 : 2);
    });
  });
}

/** The fault, a change, a refresh during it, and the recovery. */
function recovery(fault: StreamFault, harness: StreamFaultsHarness): Situation {
  return {
    name: `${fault.title}, a refresh, and the way back`,
    async play(stage) {
      const world = await StreamWorld.open(stage, harness, async (it) => {
        if (fault.isFirst) await fault.strike(it);
      });
      if (!fault.isFirst) await fault.strike(world);
      world.value = "b";
      await world.pass(3 * INTERVAL_MS);
      world.noteState();
      stage.settles("refresh", world.client.refresh());
      await world.pass(0);
      world.noteState();
      world.heal();
      await world.pass(LONG_PAUSE_MS);
      if (!fault.isLasting) expect(world.client.status.stream).toMatchObject({ isUp: true });
      await world.pass(LONGEST_PAUSE_MS - LONG_PAUSE_MS + INTERVAL_MS);
      await world.push("c");
      world.noteState();
      expect(world.served).toBe("c");
      expect(world.client.status).toMatchObject({ state: "ready", consecutiveFailures: 0 });
      expect(world.client.status.stream).toMatchObject({ isUp: true });
      const { reopensAfterGarbage = false } = harness;
      const isLoss = fault.isLoss === "garbage" ? reopensAfterGarbage : fault.isLoss;
      const losses = isLoss ? 1 : 0;
      expect([world.count(LOST), world.count(BACK)]).toEqual([losses, losses]);
      await world.close();
    },
  };
}

/**
 * The client is closed during the fault. The recorder waits for an hour in case anything happens.
 */
function end(fault: StreamFault, harness: StreamFaultsHarness): Situation {
  return {
    name: `lifecycle §7 fault 56: ${nameOf(fault)}, and a client that is closed amid it`,
    async play(stage) {
      const world = await StreamWorld.open(stage, harness, async (it) => {
        if (fault.isFirst) await fault.strike(it);
      });
      if (!fault.isFirst) await fault.strike(world);
      stage.settles("refresh", world.client.refresh());
      await world.close();
    },
  };
}

function replacement(harness: StreamFaultsHarness, lifeMs: number): Situation {
  return {
    name: "lifecycle §7 fault 53: a connection that is replaced after its life",
    async play(stage) {
      const world = await StreamWorld.open(stage, harness);
      await world.pass(lifeMs);
      await world.push("b");
      world.noteState();
      expect(world.served).toBe("b");
      expect([world.count(LOST), world.client.status.stream?.isUp]).toEqual([0, true]);
      await world.close();
    },
  };
}

/**
 * The stream is down while a request is answered slowly. It recovers, with a newer value, before
 * the response.
 */
function slowAnswer(harness: StreamFaultsHarness): Situation {
  return {
    name: "lifecycle §7 fault 54: an answer to a request that began before a change",
    async play(stage) {
      const { flags, stream } = harness.paths;
      const world = await StreamWorld.open(stage, harness, async ({ server }) => {
        server.on(stream, 500, "stream");
      });
      await world.pass(harness.minReopenMs ?? 0);
      const reply = harness.reply("b");
      const slow = typeof reply === "object" ? { ...reply, afterMs: 4_000 } : reply;
      world.server.on(flags, slow);
      // About when the stream is retried.
      stage.settles("refresh", world.client.refresh());
      for (let i = 0; i < 40; i++) {
        await stage.advance(100);
        if (world.server.streams.length > 0) break;
        stage.settles("refresh", world.client.refresh());
      }
      // The first data on the new connection.
      if (harness.beginsWithAll) {
        world.value = "c";
        await world.pass(0);
      } else await world.push("c");
      expect(world.served).toBe("c");
      await world.pass(INTERVAL_MS);
      world.noteState();
      expect(world.served).toBe("c");
      await world.close();
    },
  };
}

function manyChanges(harness: StreamFaultsHarness): Situation {
  return {
    name: "200 changes in a row",
    async play(stage) {
      const world = await StreamWorld.open(stage, harness);
      const last = "b199";
      for (let i = 0; i < 200; i++) {
        harness.sendChange(world.stream, `b${String(i).padStart(3, "0")}`);
      }
      world.value = last;
      await stage.advance(harness.joinMs ?? 0);
      expect(world.served).toBe(last);
      await world.pass(INTERVAL_MS);
      world.noteState();
      await world.close();
    },
  };
}

function outage(harness: StreamFaultsHarness): Situation {
  return {
    name: "a server that is gone for 100 intervals",
    async play(stage) {
      const world = await StreamWorld.open(stage, harness);
      world.server.connections("refused");
      await stage.advance(100 * INTERVAL_MS);
      expect(world.served).toBe("a");
      expect(world.client.status.state).toBe("stale");
      expect(world.count(LOST)).toBe(1);
      world.value = "b";
      world.heal();
      await world.pass(12 * INTERVAL_MS);
      expect(world.served).toBe("b");
      expect(world.client.status).toMatchObject({ state: "ready", consecutiveFailures: 0 });
      expect([world.count(BACK), world.client.status.stream?.isUp]).toEqual([1, true]);
      await world.close();
    },
  };
}

function nameOf({ title }: StreamFault): string {
  return title.slice(title.indexOf(": ") + 2);
}
