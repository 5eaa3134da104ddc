import { Configuration, createClient } from "@sortition/core";
import type { Cell, Participant, Reading } from "../../../cells/cell.js";
import { findFaultOfTexts } from "../../../cells/loading.js";
import { longestStall } from "../../../stall.js";
import { SHOPPER } from "../../../workload/audience.js";
import { shopBytes } from "../../writer.js";
import { native } from "../peers.js";
import { eppoWriter } from "../writer.js";

const FLAG_COUNT = 10_000;
const FROM = `${native.name}, Configuration.from`;
const LOAD = `${native.name}, Configuration.load`;

type Load = (bytes: Uint8Array) => Promise<Configuration>;

const from: Load = async (flagsConfiguration) => Configuration.from({ flagsConfiguration });
const load: Load = (flagsConfiguration) => Configuration.load({ flagsConfiguration });

/** Loading in slices while nothing else uses the event loop. */
const w8Load: Cell = {
  id: "W8-load",
  title: `load of ${FLAG_COUNT.toLocaleString("en")} flags in slices, beside all at once`,
  unit: "ns",
  participants: [loading(LOAD, load, timeOf), loading(FROM, from, timeOf)],
  effort: {
    full: { rounds: 20, operations: 1, warmUpOperations: 5 },
    quick: { rounds: 4, operations: 1, warmUpOperations: 3 },
  },
  collectsGarbage: true,
  targets: [{ kind: "ratio", participant: LOAD, over: FROM, atMost: 1.6 }],
  findFault: ({ texts = [] }) => findFaultOfTexts(texts),
};

/** The stalls that slices avoid. */
const w8LoadStall: Cell = {
  ...w8Load,
  id: "W8-load-stall",
  title: `longest stall of the event loop during that load`,
  participants: [loading(LOAD, load, stallOf), loading(FROM, from, stallOf)],
  targets: [{ kind: "limit", participant: LOAD, atMost: 2e6 }],
};

/** Loading in slices, and all at once. */
export const loadingInSlices: readonly Cell[] = [w8Load, w8LoadStall];

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAtNs = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - startedAtNs);
}

async function stallOf(work: () => Promise<unknown>): Promise<number> {
  return await longestStall(work, 0);
}

function loading(
  name: string,
  load: Load,
  figureOf: (work: () => Promise<unknown>) => Promise<number>,
): Participant {
  return {
    name,
    async prepare() {
      const bytes = shopBytes(eppoWriter, FLAG_COUNT);
      let configuration = await load(bytes);
      const client = createClient({ initialConfiguration: configuration });
      const texts = Array.from({ length: 100 }, (_, i) =>
        client.getStringAssignment(eppoWriter.shop(5 * i + 1).key, "user-1", SHOPPER, "nothing"),
      );
      return {
        answers: { texts },
        async run(operations): Promise<Reading> {
          let sum = 0;
          for (let i = 0; i < operations; i++) {
            sum += await figureOf(async () => {
              configuration = await load(bytes);
            });
          }
          return { figure: sum / operations, checksum: configuration.flagKeys.size };
        },
      };
    },
  };
}
