import { createFakeClock } from "@sortition/test-kit";
import { expect, it } from "vitest";
import { Timer } from "./timer.js";

it("Timer calls the last callback once, unless it is cancelled", async () => {
  const clock = createFakeClock();
  const timer = new Timer(clock);
  const calls: string[] = [];
  timer.set(100, () => calls.push("replaced"));
  timer.set(200, () => calls.push(`isSet: ${timer.isSet}`));
  expect(clock.pending).toEqual([{ inMs: 200, holdsProcess: false }]);
  await clock.advance(200);
  expect(calls).toEqual(["isSet: false"]);
  timer.set(100, () => calls.push("cancelled"));
  timer.cancel();
  expect([timer.isSet, clock.pending]).toEqual([false, []]);
});
