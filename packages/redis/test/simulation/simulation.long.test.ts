import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it } from "vitest";
import { busyMs } from "../support/times.js";
import { MEASURED } from "./figures.js";
import { simulate } from "./simulate.js";

describe.skipIf(!hasRedis)("a fleet of 1,001 workers", () => {
  it("makes one request per interval through three failovers, and no worker falls behind", async () => {
    await using server = await startRedis();
    const [failOvers, intervals, pollIntervalMs] = [3, 10, 4_000];
    const figures = await simulate(server, {
      ...{ followers: 1_000, connections: 50, intervals, failOvers, pollIntervalMs },
    });
    console.log(JSON.stringify(figures, null, 2));
    const { behind, directPolls, pausesInIntervals, redisErrors, requests, slowestChangeMs } =
      figures;
    expect({ behind, directPolls, redisErrors }).toEqual({
      behind: 0,
      directPolls: 0,
      redisErrors: 0,
    });
    // All workers are in this process, so on a busy machine all of them are late.
    const lateMs = busyMs();
    for (const pause of pausesInIntervals) {
      expect(pause).toBeGreaterThan(0.95 - lateMs / pollIntervalMs);
      // The lease, the jitter of the ticks after it, and half a second.
      expect(pause).toBeLessThan(1.5 + 0.17 + (500 + lateMs) / pollIntervalMs);
    }
    expect(requests).toBeLessThanOrEqual(intervals + failOvers + 1);
    expect(slowestChangeMs).toBeLessThan(1.2 * (pollIntervalMs / 3) + lateMs);
    // The guide's table is computed from these. Times depend on the machine, so they are only
    // printed. Workers that are late on a busy machine call less often.
    for (const name of [
      "callsPerInterval",
      "bytesPerInterval",
      "callsPerChange",
      "bytesPerChange",
    ] as const) {
      expect(figures[name] / MEASURED[name]).toBeGreaterThan(0.5);
      expect(figures[name] / MEASURED[name]).toBeLessThan(1.33);
    }
  });
});

describe.skipIf(!hasRedis)("a fleet of 101 workers whose leader follows a stream", () => {
  it("has one stream at a time, and makes at most two requests per leader", async () => {
    await using server = await startRedis();
    const failOvers = 2;
    const figures = await simulate(server, {
      ...{ followers: 100, connections: 10, intervals: 7, failOvers },
      ...{ pollIntervalMs: 3_000, isStreaming: true },
    });
    const { behind, directPolls, redisErrors, requests, slowestChangeMs, streams } = figures;
    const leaders = 1 + failOvers;
    expect({ behind, directPolls, redisErrors, streams }).toEqual({
      ...{ behind: 0, directPolls: 0, redisErrors: 0 },
      streams: { opened: leaders, most: 1 },
    });
    // The first request, and one for changes before the stream was open, unless an event came
    // first.
    expect(requests).toBeGreaterThanOrEqual(leaders);
    expect(requests).toBeLessThanOrEqual(2 * leaders);
    expect(slowestChangeMs).toBeLessThan(2_500);
  });
});
