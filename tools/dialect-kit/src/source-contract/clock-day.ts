import { type FakeClock, seededRandom } from "@sortition/test-kit";
import { expect, vi } from "vitest";

const HOUR_MS = 3_600_000;

/** How often the client of a {@link ClockDay} polls. */
export const INTERVAL_MS = 30_000;

/** A client that polls a server of one flag for some hours. */
export interface ClockDay {
  readonly clock: Pick<FakeClock, "advance" | "jump" | "monotonicMs">;
  readonly hours: number;
  readonly seed: number;
  /** Time between two evaluations. Default: 1,000. */
  readonly stepMs?: number;
  /** Creates a client. It calls `respond` for each request, which returns the flag's current value. */
  open(respond: () => Response): Promise<Client>;
}

interface Response {
  readonly value: string;
  readonly etag: string;
}

interface Client {
  /** Evaluates the flag. */
  value(): unknown;
  close(): unknown;
}

/**
 * Runs a client. The wall clock is set forward or back by an hour and corrected again, drifts by 0.05%, and the process is
 * frozen for up to an hour. Each change must be served within two intervals, with at most twice the usual number of
 * requests.
 */
export async function expectNothingMissed(day: ClockDay): Promise<void> {
  const { clock, hours, seed, stepMs = 1_000 } = day;
  const random = seededRandom(seed);
  const seconds = stepMs / 1_000;
  let [skewMs, version, requests, changedAtMs, longestMs] = [0, 0, 0, 0, 0];
  const opening = day.open(() => {
    requests += 1;
    return { value: `v${version}`, etag: `"${version}"` };
  });
  await clock.advance(stepMs);
  const client = await opening;
  while (clock.monotonicMs() < hours * HOUR_MS) {
    const chance = random() / seconds;
    const wantedMs =
      chance < 0.001 ? HOUR_MS : chance < 0.002 ? -HOUR_MS : chance < 0.006 ? 0 : skewMs;
    clock.jump(wantedMs - skewMs);
    skewMs = wantedMs + stepMs / 2_000;
    clock.jump(stepMs / 2_000);
    if (chance >= 0.006 && chance < 0.007) clock.jump(random() * HOUR_MS);
    if (random() / seconds < 0.005) {
      version += 1;
      changedAtMs = clock.monotonicMs();
    }
    await clock.advance(stepMs);
    if ((await client.value()) === `v${version}`) continue;
    longestMs = Math.max(longestMs, clock.monotonicMs() - changedAtMs);
  }
  const closing = client.close();
  await clock.advance(stepMs);
  await closing;
  const usual = (hours * HOUR_MS) / INTERVAL_MS;
  expect(longestMs).toBeLessThanOrEqual(2 * INTERVAL_MS);
  expect(requests).toBeLessThanOrEqual(2 * usual);
  expect(requests).toBeGreaterThanOrEqual(usual / 2);
}

/** Replaces the program's timers and clocks until {@link FakeTimers.end} is called, for clients without a clock option. */
export class FakeTimers {
  #elapsedMs = 0;

  constructor() {
    vi.useFakeTimers({
      toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
    });
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  async advance(ms: number): Promise<void> {
    this.#elapsedMs += ms;
    await vi.advanceTimersByTimeAsync(ms);
  }

  /** Sets the wall clock only. */
  jump(ms: number): void {
    vi.setSystemTime(Date.now() + ms);
  }

  end(): void {
    vi.useRealTimers();
  }
}
