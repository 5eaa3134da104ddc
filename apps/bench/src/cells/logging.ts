import type { Logged, Memory, Peer } from "../dialects/peer.js";
import { participantsOf, targetsOf, type Vendor } from "../dialects/vendor.js";
import { shortSubjectKeys } from "../workload/subjects.js";
import { type Cell, cellOf, type Task } from "./cell.js";
import {
  askerOf,
  asking,
  askingTask,
  findFaultOfHalves,
  HALVES,
  visitorsOf,
} from "./evaluations.js";

/** Number of repeating subjects. All fit into the event caches, and are cached before the clock starts. */
const RETURNING = 10_000;
/** Asynchronous SDKs prepare events in later turns of the event loop. */
export const SETTLE_MS = 100;

/** Creates the cell of a flag whose assignments are repeated. */
export function loggingOf(vendor: Vendor): Cell {
  const { memories = ["default"] } = vendor;
  const row = vendor.rows?.["W6"] ?? {};
  const { subjectCount = RETURNING } = row;
  return cellOf({
    id: "W6",
    title: "W1 with a logger and deduplication, repeating subjects",
    participants: [
      ...memories.flatMap((memory) =>
        participantsOf(
          vendor,
          (peer) => prepareLogging(vendor, peer, { memory, subjectCount }),
          row,
          (name) => loggingName(name, memory),
        ),
      ),
      {
        name: WITHOUT_LOGGER,
        prepare: () =>
          asking(vendor, vendor.native, { ...HALVES, keys: () => shortSubjectKeys(subjectCount) }),
      },
    ],
    targets: targetsOf(vendor, row),
    findFault: ({ events = [], values = [] }) =>
      events[0] === subjectCount
        ? findFaultOfHalves(values, vendor.writer.halves)
        : `${events[0]} events were logged of ${subjectCount} subjects who came twice`,
  });
}

export const WITHOUT_LOGGER = "sortition without a logger";

/** Returns a participant's name, with its cache unless that is the default. */
export function loggingName(name: string, memory: Memory): string {
  return memory === "default" ? name : `${name}, ${memory}`;
}

/**
 * Prepares W1 with a logger, for subjects whose assignment was logged before. The results contain the number of events after
 * two evaluations per subject. Later evaluations must not log any.
 */
export async function prepareLogging(
  vendor: Vendor,
  peer: Peer,
  {
    memory = "default",
    subjectCount = RETURNING,
  }: { readonly memory?: Memory; readonly subjectCount?: number } = {},
): Promise<Task> {
  const returning = shortSubjectKeys(subjectCount);
  const bytes = HALVES.bytes(vendor.writer);
  const { opened, events } = await openLogging(peer, bytes, { returning, memory });
  const ask = askerOf(opened, vendor.writer.halves);
  const subjects = visitorsOf(vendor, returning);
  for (let i = 0; i < 2; i++) for (const subject of subjects) await ask(subject);
  if (peer.isAsync) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const { answers, run } = await askingTask(peer, { topic: "values", subjects, ask });
  const logged = events();
  return {
    answers: { ...answers, events: [logged] },
    run(operations) {
      const checksum = run(operations);
      if (events() > logged) throw new Error(`${events() - logged} assignments were logged again`);
      return checksum;
    },
  };
}

/** Opens an SDK with a logger, and counts the events that it has logged. */
export async function openLogging(
  peer: Peer,
  bytes: Uint8Array,
  manner: Omit<Logged, "onEvent"> = {},
) {
  let events = 0;
  const onEvent = (): void => {
    events += 1;
  };
  const opened = await peer.open(bytes, { ...manner, onEvent });
  return { opened, events: () => events };
}
