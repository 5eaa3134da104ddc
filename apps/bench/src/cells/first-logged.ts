import type { Opened, Peer } from "../dialects/peer.js";
import { participantsOf, targetsOf, type Vendor } from "../dialects/vendor.js";
import { shortSubjectKeys } from "../workload/subjects.js";
import { type Cell, cellOf, effortOf, type Task } from "./cell.js";
import {
  askerOf,
  askingTask,
  counterOf,
  FLAG,
  findFaultOf,
  HALVES,
  invited,
  MANY_RULES,
  PAGE,
  type Question,
  SECTIONS,
  visitorsOf,
} from "./evaluations.js";
import { openLogging, SETTLE_MS } from "./logging.js";

/**
 * Number of events before the clock starts. Together with the events of all rounds, they do not exceed the caches' 50,000
 * entries. Beyond that, Eppo's SDK is slower.
 */
const WARM_UP = 15_000;
/** Number of events in a round. */
const ROUND = 1_500;

/** Evaluations with a logger, for subjects that the SDK does not remember. */
interface FirstLogged extends Question {
  readonly id: string;
  readonly title: string;
  /** Number of events per operation. Default: 1. */
  readonly eventsEach?: number;
}

/** Creates the cell in which each assignment is new to the SDK, so that it is logged. */
export function firstLogged(vendor: Vendor): Cell {
  const title = "W1 with a logger, each assignment is logged for the first time";
  return cellOfFirst(vendor, { ...HALVES, id: "W1-first-logged", title });
}

/** Creates the cell of W1's flag with a logger that logs none of its assignments. */
export function unlogged(vendor: Vendor): Cell {
  const { writer } = vendor;
  const flag = writer.half(FLAG);
  const bytes = () => writer.bytes([writer.unlogged?.(flag) ?? flag]);
  const title = "W1 with a logger, the flag is not logged";
  return cellOfFirst(vendor, { id: "W1-unlogged", title, bytes, eventsEach: 0 });
}

/** Creates the cells of first exposures for the other workloads. */
export function otherFirstLogged(vendor: Vendor): readonly Cell[] {
  const values = (id: string) => vendor.rows?.[id] ?? {};
  const title = (of: string) => `${of} with a logger, each assignment is logged for the first time`;
  return [
    cellOfFirst(vendor, {
      ...{ ...MANY_RULES, ...values("W3"), id: "W3-first-logged", title: title("W3") },
    }),
    cellOfFirst(vendor, {
      ...{ ...PAGE, id: "W4-first-logged", title: title("W4"), eventsEach: SECTIONS.length },
    }),
    cellOfFirst(vendor, {
      ...{ ...invited("hit"), keys: shortSubjectKeys, id: "W5-first-logged", title: title("W5") },
      values: (values("W5").values ?? []).slice(0, 1), // all accounts are on the list
    }),
  ];
}

function cellOfFirst(vendor: Vendor, question: FirstLogged): Cell {
  const { eventsEach = 1, id, title, values = vendor.writer.halves } = question;
  const row = vendor.rows?.[id] ?? {};
  const operations = Math.ceil(ROUND / Math.max(1, eventsEach));
  const warmUp = Math.ceil(WARM_UP / Math.max(1, eventsEach));
  return cellOf({
    id,
    title,
    participants: participantsOf(vendor, (peer) => prepareFirst(vendor, peer, question), row),
    effort: effortOf([20, operations, warmUp], [5, operations, warmUp]),
    targets: targetsOf(vendor, row),
    findFault: ({ events = [], values: answers = [] }) => {
      const expected = eventsEach * answers.length;
      if (events[0] !== expected) return `${events[0]} events were logged, not ${expected}`;
      return eventsEach > 1 ? null : findFaultOf(answers, values, vendor);
    },
  });
}

/** Prepares an SDK that evaluates for subjects outside its cache. Each round checks the number of events. */
async function prepareFirst(vendor: Vendor, peer: Peer, question: FirstLogged): Promise<Task> {
  const { attributesOf, bytes, eventsEach = 1, keys = shortSubjectKeys } = question;
  const { opened, events } = await openLogging(peer, bytes(vendor.writer));
  const { answers, run } = await askingTask(peer, {
    topic: "values",
    // More subjects than evaluations, so that none is evaluated twice.
    subjects: visitorsOf(vendor, keys(), attributesOf?.()),
    sampleSize: question.sampleSize,
    ask: asksOf(opened, question, vendor),
  });
  if (peer.isAsync) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return {
    answers: { ...answers, events: [events()] },
    run(operations) {
      const before = events();
      const checksum = run(operations);
      const expected = operations * eventsEach;
      // An asynchronous SDK may still have pending events.
      if (peer.isAsync || events() - before === expected) return checksum;
      throw new Error(`${events() - before} of ${expected} assignments were logged`);
    },
  };
}

function asksOf(opened: Opened, { eventsEach = 1, values }: FirstLogged, { writer }: Vendor) {
  if (eventsEach > 1) return counterOf(opened, writer.halves);
  return askerOf(opened, values ?? writer.halves);
}
