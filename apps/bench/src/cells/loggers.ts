import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { csvLogger } from "@sortition/node";
import { segmentLogger } from "@sortition/segment";
import type { Vendor } from "../dialects/vendor.js";
import { shortSubjectKeys } from "../workload/subjects.js";
import type { Participant, Reading } from "./cell.js";
import { askerOf, HALVES, visitorsOf, withoutDefault } from "./evaluations.js";

/** Events of a burst, as a server logs them in one turn of the event loop. */
const BURST = 100;
/** Events that are delivered before more are logged: queues are bounded. */
const SAMPLE_SIZE = 2_000;
/** Delivery takes longer than evaluation. */
const SHARE = 0.2;

/** Each opens a logger; `delivered` waits until so many events in all have left it. */
const LOGGERS = { csvLogger: openCsv, "Segment logger": openSegment };

/**
 * Our client with one of our loggers, which writes a file, or has an `Analytics` of Segment that drops its events. The time of
 * turns counts, with what loggers do in them, or of the calls alone: a caller waits for these. Waiting for the rest of the
 * delivery does not count.
 */
export function throughLoggers(vendor: Vendor): readonly Participant[] {
  return Object.entries(LOGGERS).flatMap(([name, open]) => [
    throughLogger(vendor, name, open, true),
    throughLogger(vendor, `${name}, calls alone`, open, false),
  ]);
}

function throughLogger(
  vendor: Vendor,
  name: string,
  open: (typeof LOGGERS)[keyof typeof LOGGERS],
  isTurn: boolean,
): Participant {
  const { native, writer } = vendor;
  return {
    name: `${native.name}, ${name}`,
    share: SHARE,
    async prepare() {
      const { delivered, logger } = open();
      const client = await native.open(HALVES.bytes(writer), { onEvent() {}, logger });
      const ask = askerOf(client, writer.halves);
      const subjects = visitorsOf(vendor, shortSubjectKeys());
      let next = 0;
      const askNext = (): unknown => ask(subjects[next++ % subjects.length]!); // there are some
      const values: unknown[] = [];
      for (let i = 0; i < SAMPLE_SIZE; i++) {
        values.push(withoutDefault(askNext()));
        if (i % BURST === BURST - 1) await nextTurn();
      }
      await delivered(SAMPLE_SIZE);
      let asked = SAMPLE_SIZE;
      return {
        answers: { values, events: [SAMPLE_SIZE] },
        async run(operations): Promise<Reading> {
          let sumNs = 0;
          for (let done = 0; done < operations; done += BURST) {
            const count = Math.min(BURST, operations - done);
            const startedAtNs = process.hrtime.bigint();
            for (let i = 0; i < count; i++) askNext();
            if (isTurn) await nextTurn();
            sumNs += Number(process.hrtime.bigint() - startedAtNs);
            if (!isTurn) await nextTurn();
            asked += count;
            if (asked % SAMPLE_SIZE === 0) await delivered(asked);
          }
          await delivered(asked);
          return { figure: sumNs / operations, checksum: asked };
        },
      };
    },
  };
}

function openCsv() {
  const folder = mkdtempSync(join(tmpdir(), "sortition-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const logger = csvLogger(join(folder, "assignments.csv"));
  let written = 0;
  return {
    logger,
    async delivered(count: number) {
      written += (await logger.flush()).delivered;
      if (written !== count) throw new Error(`${written} of ${count} events were written`);
    },
  };
}

function openSegment() {
  let tracked = 0;
  const analytics = {
    track(_: object, callback?: () => void) {
      tracked += 1;
      callback?.();
    },
    flush: async () => {},
  };
  return {
    logger: segmentLogger({ analytics }),
    async delivered(count: number) {
      while (tracked < count) await nextTurn();
    },
  };
}
