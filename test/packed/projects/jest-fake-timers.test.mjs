import { answersInTime, EXPECTED } from "./flag-in-time";

afterEach(() => jest.useRealTimers());

test("Jest's fake timers are the time of clients", () => {
  jest.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
  expect(answersInTime((ms) => jest.setSystemTime(ms))).toEqual(EXPECTED);
});
