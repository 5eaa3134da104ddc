import { requireOptions } from "@sortition/core/internal";
import {
  createFakeClock,
  type FakeClock,
  type FakeClockOptions,
} from "@sortition/test-kit/fake-clock";

/**
 * Creates a clock that only moves when the test advances it. Pass it to a client as the option `clock`. A client without
 * it follows the fake timers of the test runner.
 */
export function fakeClock(options: FakeClockOptions = {}): FakeClock {
  requireOptions(options, "fakeClock", ": write fakeClock({ startMs: Date.UTC(2030, 0, 1) })");
  return createFakeClock(options);
}
