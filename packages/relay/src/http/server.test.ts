import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { urlOf } from "../config/listen.js";
import { startServer } from "./server.js";

async function startDrain(drainMs: number) {
  const clock = createFakeClock();
  const server = await startServer({
    ...{ clock, option: "listen", address: { host: "127.0.0.1", port: 0 } },
    listener: (_, outgoing) => outgoing.end(),
  });
  const ask = async (): Promise<number> => (await fetch(urlOf(server.address))).status;
  return { ask, clock, closing: server.close({ drainMs, timeoutMs: 60_000 }) };
}

describe("the drain of a server", () => {
  it("ends a second after the last request, long before drainMs", async () => {
    const { ask, clock, closing } = await startDrain(600_000);
    for (let i = 0; i < 5; i++) {
      expect(await ask()).toBe(200);
      await clock.advance(900);
    }
    await clock.advance(300);
    await closing;
    await expect(ask()).rejects.toThrow();
  });

  it("ends after drainMs while requests continue", async () => {
    const { ask, clock, closing } = await startDrain(2_500);
    for (let i = 0; i < 5; i++) {
      expect(await ask()).toBe(200);
      await clock.advance(500);
    }
    await closing;
    await expect(ask()).rejects.toThrow();
  });
});
