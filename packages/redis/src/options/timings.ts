import { OptionError } from "@sortition/core/internal";
import type { Timings } from "../settings.js";

const DAY_MS = 86_400_000;
const MAX_LEASE_MS = 15_000;
const DEFAULT_CLAIM_MS = 12_000;
const MAX_COMMAND_MS = 1_000;
/** Derived command timeouts are never shorter. Otherwise one slow command would be an outage. */
const MIN_COMMAND_MS = 250;
/** Number of command timeouts that fit into a lease, so that the leader can lose two renewals. */
export const COMMANDS_PER_LEASE = 3;
/** Number of renewals of the leader's claim per lease. */
const RENEWALS_PER_LEASE = 3;
/** If polls were overdue sooner, all workers would poll by themselves whenever a leader dies. */
const LEASES_UNTIL_OVERDUE = 1.5;

/** The timings of the options. `null`: not given. */
export type GivenTimings = Readonly<
  Record<"connectTimeoutMs" | "pollIntervalMs", number> & Record<Derived, number | null>
>;

type Derived = Exclude<keyof Timings, "connectTimeoutMs" | "emptyDirectAfterMs" | "pollIntervalMs">;

/**
 * Adds the timings that are not given. They are derived from the given ones, so only given timings
 * can contradict each other.
 *
 * @throws OptionError for a bad value, or for values that contradict each other.
 */
export function checkTimings(given: GivenTimings): Timings {
  const { connectTimeoutMs, directAfterMs: direct, pollIntervalMs } = given;
  const { claimMs: claim, commandTimeoutMs: command } = given;
  const { leaseMs: lease, overdueAfterMs: overdue } = given;
  const leaseMs =
    lease ??
    Math.min(
      Math.max(
        Math.min(MAX_LEASE_MS, Math.floor(pollIntervalMs / 2)),
        COMMANDS_PER_LEASE * (command ?? MIN_COMMAND_MS),
      ),
      overdue === null ? DAY_MS : Math.floor(overdue / LEASES_UNTIL_OVERDUE),
      claim === null ? DAY_MS : RENEWALS_PER_LEASE * claim - 1,
    );
  const commandTimeoutMs =
    command ?? Math.max(1, Math.min(MAX_COMMAND_MS, Math.floor(leaseMs / COMMANDS_PER_LEASE)));
  // The minimum lease for the given timings. A shorter one contradicts them.
  const neededLeaseMs = Math.max(leaseMs, COMMANDS_PER_LEASE * commandTimeoutMs);
  const leastOverdueMs = Math.ceil(LEASES_UNTIL_OVERDUE * neededLeaseMs);
  const leastClaimMs = Math.floor(neededLeaseMs / RENEWALS_PER_LEASE) + 1;
  const overdueAfterMs = overdue ?? Math.max(pollIntervalMs, leastOverdueMs);
  const claimMs = claim ?? Math.max(DEFAULT_CLAIM_MS, leastClaimMs);

  const [leaseName, name] =
    lease === null ? ["commandTimeoutMs", command] : ["timings.leaseMs", lease];
  const other = `${leaseName} ${name}`;
  if (lease !== null && leaseMs < COMMANDS_PER_LEASE * commandTimeoutMs) {
    const most = Math.floor(leaseMs / COMMANDS_PER_LEASE);
    refuse("commandTimeoutMs", commandTimeoutMs, `at most a third of ${other}`, `${most} or less`);
  }
  if (overdueAfterMs < leastOverdueMs) {
    const times = LEASES_UNTIL_OVERDUE * (lease === null ? COMMANDS_PER_LEASE : 1);
    refuse(
      "timings.overdueAfterMs",
      overdueAfterMs,
      `at least ${times} × ${other}`,
      `${leastOverdueMs} or more`,
    );
  }
  if (claimMs < leastClaimMs) {
    const bound = lease === null ? `more than ${other}` : `more than a third of ${other}`;
    refuse("timings.claimMs", claimMs, bound, `${leastClaimMs} or more`);
  }
  return {
    pollIntervalMs,
    leaseMs,
    tickMs: given.tickMs ?? Math.max(1, Math.min(10_000, Math.floor(pollIntervalMs / 3))),
    claimMs,
    commandTimeoutMs,
    connectTimeoutMs,
    directAfterMs: direct ?? pollIntervalMs,
    emptyDirectAfterMs: direct ?? 1_000,
    overdueAfterMs,
  };
}

/** @param remedy - a value that is valid with all other options. */
function refuse(option: string, value: number, bound: string, remedy: string): never {
  throw new OptionError(option, `expected ${bound}, got ${value}. Set ${option} to ${remedy}.`);
}
