import { setTimeout as delay } from "node:timers/promises";

const TURNS = 20;

/**
 * Waits for at least this time, in many turns of the event loop. If a busy machine pauses the process for long, a single timer
 * ends before data is read that was received meanwhile.
 */
export async function waitInTurns(ms: number): Promise<void> {
  for (let i = 0; i < TURNS; i++) await delay(ms / TURNS);
}
