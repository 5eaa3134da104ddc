import { OptionError, requireOptions } from "@sortition/core/internal";
import {
  createFakeClock,
  type FakeClock,
  type FakeClockOptions,
} from "@sortition/test-kit/fake-clock";

/** @throws OptionError for anything but a number of milliseconds, which JavaScript may pass. */
function requireMs(method: string, ms: unknown): void {
  if (typeof ms === "number" && !Number.isNaN(ms)) return;
  throw new OptionError(`${method}()`, `expected milliseconds, got ${String(ms)}: 5 s is 5_000`);
}

/**
 * Creates a clock that only moves when the test advances it. Pass it to a client as the option `clock`. A client without
 * it follows the fake timers of the test runner.
 */
export function fakeClock(options: FakeClockOptions = {}): FakeClock {
  requireOptions(options, "fakeClock", ": write fakeClock({ startMs: Date.UTC(2030, 0, 1) })");
  const clock = createFakeClock(options);
  return {
    ...clock,
    // A spread would read the getter only once.
    get pending() {
      return clock.pending;
    },
    async advance(ms) {
      requireMs("advance", ms);
      await clock.advance(ms);
    },
    jump(ms) {
      requireMs("jump", ms);
      clock.jump(ms);
    },
  };
}
