import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { type Retries, retrying } from "./retrying.js";

/** Work that fails a number of times, and then returns the number of tries. */
function failing(times: number) {
  let tries = 0;
  return async (): Promise<number> => {
    tries += 1;
    if (tries <= times) throw new Error(`try ${tries}`);
    return tries;
  };
}

const clock = createFakeClock();
const retries: Retries = {
  clock,
  tries: 3,
  pauseMs: () => 50,
  isRetryable: () => true,
  holdsProcess: true,
};

describe("retrying", () => {
  it("tries until it succeeds, with pauses", async () => {
    const work = retrying(retries, failing(2));
    await clock.advance(49);
    expect(clock.pending).toEqual([{ inMs: 1, holdsProcess: true }]);
    await clock.advance(51);
    expect(await work).toBe(3);
  });

  it("throws the error of the last try", async () => {
    const failed = expect(retrying(retries, failing(3))).rejects.toThrow("try 3");
    await clock.advance(100);
    await failed;
    const lasting = { ...retries, isRetryable: () => false };
    await expect(retrying(lasting, failing(1))).rejects.toThrow("try 1");
  });

  it("ends in a pause when the signal is aborted", async () => {
    const controller = new AbortController();
    const work = retrying({ ...retries, signal: controller.signal }, failing(1));
    const failed = expect(work).rejects.toThrow("try 1");
    await clock.advance(10);
    controller.abort();
    await failed;
    expect(clock.pending).toEqual([]);
  });
});
