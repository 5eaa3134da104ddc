import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { Password } from "./password.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

function start() {
  const clock = createFakeClock();
  const password = new Password("right", SILENT, clock);
  /** How long a wrong password makes this address wait. */
  const pauseMs = (address: string): number => {
    const before = clock.pending.length;
    void password.check("wrong", address);
    const pauses = clock.pending.map(({ inMs }) => inMs);
    expect(pauses).toHaveLength(before + 1);
    return Math.max(...pauses);
  };
  return { clock, password, pauseMs };
}

describe("the pause after a wrong password", () => {
  it("doubles up to 5 s", async () => {
    const { clock, pauseMs } = start();
    const pauses: number[] = [];
    for (let i = 0; i < 9; i++) {
      pauses.push(pauseMs("10.0.0.1"));
      await clock.advance(5_000);
    }
    expect(pauses).toEqual([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
  });

  it("ends with the right password, which never waits", async () => {
    const { clock, password, pauseMs } = start();
    for (let i = 0; i < 5; i++) pauseMs("10.0.0.1");
    expect(await password.check("right", "10.0.0.1")).toBe(true);
    await clock.advance(5_000);
    expect(pauseMs("10.0.0.1")).toBe(100);
  });

  it("is remembered for the last 1,000 addresses", async () => {
    const { clock, pauseMs } = start();
    pauseMs("first");
    for (let i = 0; i < 999; i++) pauseMs(`10.0.0.${i}`);
    await clock.advance(5_000);
    expect(pauseMs("first")).toBe(200);
    for (let i = 0; i < 1_000; i++) pauseMs(`10.0.1.${i}`);
    await clock.advance(5_000);
    expect(pauseMs("first")).toBe(100);
  });
});
