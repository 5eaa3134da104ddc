import type { AssignmentEvent, AssignmentLogger } from "@sortition/core";
import { callWithBook, claimReceipt, type Receipt } from "@sortition/core/internal";
import { assignment } from "@sortition/test-kit/logger-contract";

type Ending = Parameters<Receipt["settle"]>[0];

const EVENTS = 12;

/** What happened to one event of a client. */
class Fate {
  /** Outcome in the logger behind the wrapper. `null`: the wrapper has not passed the event on. */
  behind: Ending | null = null;
  isClaimed = false;
  /** What the client learned. */
  reported: Ending | null = null;
}

/**
 * Returns what a wrapper around a logger does wrong with the events of a client, whose counters and deduplication depend on
 * it. Empty: nothing. A wrapper may leave events out. It either passes an event on before it returns, and no other event, or
 * claims the event's receipt and settles it itself.
 *
 * @param wrap - creates the wrapper. Its `flush`, if any, is called at the end.
 */
export async function wrapperFaults(
  wrap: (inner: AssignmentLogger) => AssignmentLogger,
): Promise<readonly string[]> {
  const events = Array.from(
    { length: EVENTS },
    (_, i) => assignment(`user-${i}`) as unknown as AssignmentEvent, // has all members
  );
  const fates = new Map(events.map(({ messageId }) => [messageId, new Fate()]));
  const held: (() => void)[] = [];
  const wrapper = wrap({
    name: "behind",
    logAssignment({ messageId }) {
      const receipt = claimReceipt();
      const fate = fates.get(messageId);
      // Every third event is lost, so that an outcome cannot be guessed.
      const ending: Ending = held.length % 3 === 0 ? "failed" : "delivered";
      if (fate !== undefined) fate.behind = ending;
      held.push(() => receipt?.settle(ending));
    },
  });
  for (const event of events) {
    const fate = fates.get(event.messageId) as Fate; // one for each event
    const claim = (): Receipt => {
      fate.isClaimed = true;
      return {
        settle: (ending) => {
          fate.reported ??= ending;
        },
      };
    };
    const result = callWithBook({ claim }, () => wrapper.logAssignment(event));
    void Promise.resolve(result).catch(() => {});
    await turn();
  }
  const flushing = Promise.resolve(wrapper.flush?.({ timeoutMs: 1_000, signal: NEVER }));
  await turn();
  while (held.length > 0) {
    held.shift()?.();
    await turn();
  }
  await flushing.catch(() => {});
  await turn();
  return events.flatMap(({ messageId }, i) => faultsOf(`event ${i + 1}`, fates.get(messageId)));
}

function faultsOf(name: string, fate = new Fate()): readonly string[] {
  const { behind, isClaimed, reported } = fate;
  if (isClaimed && reported === null) return [`${name}: its receipt is never settled`];
  if (behind === null || reported === behind) return [];
  const learned = isClaimed ? `its receipt says ${reported}` : "nothing claimed its receipt";
  return [`${name} is ${behind} behind the wrapper, but ${learned}`];
}

/** Waits until everything that needs no timer has happened. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const NEVER: AbortSignal = new AbortController().signal;
