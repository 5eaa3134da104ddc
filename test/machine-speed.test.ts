import { describe, expect, it } from "vitest";
import { machineSlowness } from "../scripts/machine-speed.mjs";

describe("machineSlowness", () => {
  it("is about the same when it is measured again", () => {
    const first = machineSlowness();
    expect(first).toBeGreaterThan(0.1);
    // Other work on the machine makes a measurement longer, but not much: it counts processor time.
    expect(machineSlowness() / first).toBeLessThan(4);
  });
});
