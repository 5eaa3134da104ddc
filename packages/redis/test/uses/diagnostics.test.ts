import { hasRedis, startRedis } from "@sortition/test-kit/redis";
import { describe, expect, it, vi } from "vitest";
import { redis } from "../../src/index.js";
import { assignment } from "../support/events.js";

const PATIENCE_MS = 30_000;

describe.skipIf(!hasRedis)("diagnostics of a fleet that throw and reject", () => {
  it("end neither the deliveries of an outbox nor the process", async () => {
    await using server = await startRedis();
    const warn = vi.fn(() => {
      throw new Error("no diagnostics");
    });
    const info = vi.fn(() => Promise.reject(new Error("no diagnostics")));
    const fleet = redis({
      ...{ redis: server.url, namespace: "test" },
      diagnostics: { debug() {}, info, warn, error: warn },
    });
    const logged: string[] = [];
    const logAssignment = ({ subject }: { readonly subject: string }): void =>
      void logged.push(subject);
    const outbox = fleet.outbox({ name: "warehouse", logAssignment });
    outbox.logAssignment(assignment("a"));
    await vi.waitFor(() => expect(logged).toEqual(["a"]), PATIENCE_MS);
    await server.kill();
    await vi.waitFor(() => expect(warn).toHaveBeenCalled(), PATIENCE_MS);
    await server.start();
    outbox.logAssignment(assignment("b"));
    await vi.waitFor(() => expect(logged).toEqual(["a", "b"]), PATIENCE_MS);
    expect(info).toHaveBeenCalled();
    await fleet.close();
  });
});
