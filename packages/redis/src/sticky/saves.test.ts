import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it, vi } from "vitest";
import type { FleetServices } from "../fleet-services.js";
import { DocumentCache } from "./document-cache.js";
import { Saves } from "./saves.js";

/** Creates saves whose scripts reply when the test says so. */
function createSaves() {
  const clock = createFakeClock();
  let answer = (): void => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const run = vi.fn(async (..._: unknown[]): Promise<unknown> => {
    await answered;
    return ["1", "1"];
  });
  const link = { settled: async () => {}, run };
  const saves = new Saves({
    services: { clock, link } as unknown as FleetServices, // successful saves use no other members
    settings: { flushMs: 50, maxPending: 1_000, maxCached: 1_000, ttlMs: 1_000 },
    cache: new DocumentCache(1_000),
    keyOf: (key) => key,
    note: () => {},
  });
  const save = (user: number, experiment: string): Promise<void> =>
    saves.save({ attributeName: "id", attributeValue: `user-${user}` }, { [experiment]: "1" });
  return { answer, clock, run, save, saves };
}

describe("Saves", () => {
  it("resolves a save that joins a subject of the round in progress", async () => {
    const { answer, clock, run, save, saves } = createSaves();
    const first = Array.from({ length: 60 }, (_, i) => save(i, "one"));
    await clock.advance(50);
    expect(run).toHaveBeenCalledTimes(50);
    // The subject is among the last ten, which wait for the others.
    const late = save(55, "two");
    answer();
    await Promise.all([...first, late]);
    expect(saves.pendingOf("id||user-55").size).toBe(0);
    expect(run).toHaveBeenCalledTimes(60);
  });
});
