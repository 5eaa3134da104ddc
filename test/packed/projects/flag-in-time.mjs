import { subjectsIn, testFlags } from "@sortition/testing";

/**
 * Returns the values of a client without a clock, and the results of a search, for a flag that is on since June 2026.
 *
 * @param setTime sets the time of the runner's fake timers.
 */
export function answersInTime(setTime) {
  const flags = testFlags();
  flags.boolean("sale").on();
  const payload = JSON.parse(flags.payload());
  payload.flags.sale.allocations[0].startAt = "2026-06-01T00:00:00Z";
  const client = flags.set(payload).client();
  const answer = () => client.getBooleanAssignment("sale", "user-1", {}, false);
  const before = answer();
  setTime(Date.parse("2026-07-01T00:00:00Z"));
  return { before, after: answer(), found: subjectsIn(client, "sale", true) };
}

export const EXPECTED = { before: false, after: true, found: ["subject-1"] };
