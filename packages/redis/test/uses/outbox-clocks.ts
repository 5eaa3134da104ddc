import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom } from "@sortition/test-kit";
import type { RedisServer } from "@sortition/test-kit/redis";
import { expect, vi } from "vitest";
import { createOutbox } from "../../src/outbox/outbox.js";
import { assignment } from "../support/events.js";
import { createTestHost } from "../support/fleet-services.js";
import { WrongClock } from "../support/wrong-clock.js";

const HOUR_MS = 3_600_000;
const HOSTS = 3;
const STEP_MS = 20;
const MIN_IDLE_MS = 1_000;
/** Long enough for other processes to claim the entries of a frozen one. */
const MAX_FREEZE_MS = 3 * MIN_IDLE_MS;
/** Maximum wait. Generous for slow machines; passing tests never wait this long. */
const PATIENCE_MS = 200_000;

/**
 * Runs processes that share an outbox for the given time. This is real time, because Redis has its
 * own clock. Wall clocks are set an hour forward or back, and later corrected. They drift by 2.5%.
 * Processes are frozen until others have claimed their entries. Expects that each exposure is
 * delivered, with at most twice as many deliveries.
 */
export async function expectAllDelivered(
  server: RedisServer,
  { forMs, seed }: { readonly forMs: number; readonly seed: number },
): Promise<void> {
  const random = seededRandom(seed);
  const delivered: string[] = [];
  const note = ({ subject }: { readonly subject: string }): void => void delivered.push(subject);
  const hosts = Array.from({ length: HOSTS }, () => {
    const clock = new WrongClock();
    const host = createTestHost(server.url, { clock });
    const logger = { logAssignment: note, logBanditAction() {} };
    const outbox = createOutbox(host, logger, { minIdleMs: MIN_IDLE_MS, flushMs: 10 });
    return { clock, host, outbox, thawsAtMs: 0 };
  });
  let [events, logged] = [0, 0];
  const startedAtMs = performance.now();
  while (performance.now() - startedAtMs < forMs) {
    await sleep(STEP_MS);
    for (const it of hosts) {
      const { clock, outbox } = it;
      const chance = random();
      clock.skewMs += STEP_MS / 40;
      if (chance < 0.005) clock.skewMs = HOUR_MS;
      else if (chance < 0.01) clock.skewMs = -HOUR_MS;
      else if (chance < 0.02) clock.skewMs = 0;
      else if (chance < 0.025 && !clock.isFrozen) {
        clock.freeze();
        it.thawsAtMs = performance.now() + random() * MAX_FREEZE_MS;
      }
      if (chance < 0.025) events += 1;
      if (clock.isFrozen && performance.now() >= it.thawsAtMs) clock.thaw();
      if (clock.isFrozen) continue;
      outbox.logAssignment(assignment(`subject-${logged}`));
      logged += 1;
    }
  }
  for (const { clock } of hosts) clock.thaw();
  await vi.waitFor(() => expect(new Set(delivered).size).toBe(logged), PATIENCE_MS);
  await Promise.all(hosts.map(({ outbox }) => outbox.close({ timeoutMs: PATIENCE_MS })));
  for (const { host } of hosts) host.close();
  expect(events).toBeGreaterThan(0);
  expect(delivered.length).toBeLessThanOrEqual(2 * logged);
}
