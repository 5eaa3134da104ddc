import {
  createFakeClock,
  type FakeClock,
  type FakeClockOptions,
} from "@sortition/test-kit/fake-clock";

/**
 * A clock that stands still until the test advances it: the option `clock` of a client. Where a test uses the fake timers of
 * its runner, a client without this clock follows those.
 */
export function fakeClock(options: FakeClockOptions = {}): FakeClock {
  return createFakeClock(options);
}
