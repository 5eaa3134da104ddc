import { describe, expect, it } from "vitest";
import type { TrackMessage } from "./track.js";
import { TrackBatches, type TrackInstance, type TrackOutcome } from "./track-batches.js";

/** Instances that know the outcome of a request at once, but are busy until they are freed. */
function createLibrary(refuses: (messageId: string) => boolean) {
  const busy: (() => void)[] = [];
  let created = 0;
  const create = (): TrackInstance => {
    created += 1;
    let batch: { readonly id: string; callback(outcome: TrackOutcome): void }[] = [];
    return {
      track({ messageId: id }, callback) {
        batch.push({ id, callback });
      },
      flush() {
        const isRefused = batch.some(({ id }) => refuses(id));
        for (const { callback } of batch) {
          callback(
            isRefused
              ? { kind: "refused", status: 400, error: new Error("refused") }
              : { kind: "delivered" },
          );
        }
        batch = [];
        return new Promise<void>((resolve) => void busy.push(resolve));
      },
    };
  };
  const options = { maxItems: 50, maxBytes: 1_000_000, create, close() {} };
  const batches = new TrackBatches("http://localhost", options);
  const outcomes = new Map<string, string>();
  const messages = new Map<string, TrackMessage>();
  const send = (messageId: string): void => {
    const message = { messageId } as TrackMessage;
    messages.set(messageId, message);
    const settle = (outcome: string) => (): void => void outcomes.set(messageId, outcome);
    batches.send(message, {
      handOver: (call) => call(),
      delivered: settle("delivered"),
      failed: settle("failed"),
      retry: settle("retry"),
      refused: settle("refused"),
    });
  };
  return { batches, busy, createdCount: () => created, messages, outcomes, send };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const countOf = (outcomes: ReadonlyMap<string, string>, outcome: string): number =>
  [...outcomes.values()].filter((it) => it === outcome).length;

describe("TrackBatches", () => {
  it("divides a refused batch without waiting for instances that are still busy", async () => {
    const refused = new Set(["7", "23", "41"]);
    const { batches, createdCount, outcomes, send } = createLibrary((id) => refused.has(id));
    for (let i = 0; i < 50; i++) send(`${i}`);
    await batches.flush();
    await tick();
    expect([countOf(outcomes, "delivered"), countOf(outcomes, "refused")]).toEqual([47, 3]);
    expect(createdCount()).toBeGreaterThan(1);
  });

  it("creates a limited number of instances, and then waits until one is free", async () => {
    const { batches, busy, createdCount, outcomes, send } = createLibrary(() => false);
    for (let i = 0; i < 100; i++) {
      send(`${i}`);
      await batches.flush();
    }
    await tick();
    expect(createdCount()).toBe(64);
    expect(countOf(outcomes, "delivered")).toBe(64);
    while (outcomes.size < 100) {
      busy.shift()?.();
      await tick();
    }
    expect([createdCount(), countOf(outcomes, "delivered")]).toEqual([64, 100]);
  });

  it("does not send what was given up while it waited for an instance", async () => {
    const { batches, busy, messages, outcomes, send } = createLibrary(() => false);
    for (let i = 0; i < 66; i++) {
      send(`${i}`);
      await batches.flush();
    }
    await tick();
    expect(batches.abandon(messages.get("64") as TrackMessage)).toBe(false);
    for (const free of busy.splice(0)) free();
    await tick();
    expect([outcomes.get("64"), outcomes.get("65")]).toEqual([undefined, "delivered"]);
  });
});
