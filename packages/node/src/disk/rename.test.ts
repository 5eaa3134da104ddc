import { createFakeClock } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import { renameInUse } from "./rename.js";

/** Creates a rename that fails a number of times with a system code. */
function failing(code: string, times: number) {
  let tries = 0;
  const rename = async (): Promise<void> => {
    tries += 1;
    if (tries <= times) throw Object.assign(new Error("in use"), { code });
  };
  return { rename, triesMade: () => tries };
}

describe("renameInUse", () => {
  it.each(["EPERM", "EBUSY"])("retries 50 ms after %s", async (code) => {
    const clock = createFakeClock();
    const { rename, triesMade } = failing(code, 2);
    const renamed = renameInUse(rename, clock);
    await clock.advance(49);
    expect(triesMade()).toBe(1);
    await clock.advance(51);
    await renamed;
    expect(triesMade()).toBe(3);
  });

  it("gives up after the third attempt", async () => {
    const clock = createFakeClock();
    const { rename, triesMade } = failing("EBUSY", 3);
    const renamed = expect(renameInUse(rename, clock)).rejects.toMatchObject({ code: "EBUSY" });
    await clock.advance(1_000);
    await renamed;
    expect(triesMade()).toBe(3);
  });

  it("does not retry a permanent error", async () => {
    const { rename, triesMade } = failing("ENOSPC", 1);
    await expect(renameInUse(rename, createFakeClock())).rejects.toMatchObject({ code: "ENOSPC" });
    expect(triesMade()).toBe(1);
  });
});
