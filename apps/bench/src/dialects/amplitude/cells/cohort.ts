import { amplitude, cohortPart, isAmplitudeConfiguration } from "@sortition/amplitude/dialect";
import { createClock, runInSlices } from "@sortition/core/source";
import type { Cell, Participant } from "../../../cells/cell.js";
import { memoryInUse } from "../../../cells/memory.js";
import { longestStall } from "../../../stall.js";
import { native, sdk } from "../peers.js";
import { amplitudeWriter, cohortOf, flagOfCohort } from "../writer.js";

/** How many members a large cohort has. */
export const MEMBERS = 1_000_000;

type Measure = "time" | "stall" | "bytes";

const EFFORT: Cell["effort"] = {
  full: { rounds: 5, operations: 1, warmUpOperations: 1 },
  quick: { rounds: 2, operations: 1, warmUpOperations: 1 },
};

const common = { effort: EFFORT, collectsGarbage: true, findFault: () => null };

/** Time until a large cohort can be asked. */
const w15: Cell = {
  ...common,
  id: "W15",
  title: "load of a cohort of 1,000,000 members",
  unit: "ns",
  participants: [indexing("time"), collecting("time")],
  targets: [],
};

/** The longest stall meanwhile. */
const w15Stall: Cell = {
  ...common,
  id: "W15-stall",
  title: "longest stall of the event loop during that load",
  unit: "ns",
  participants: [indexing("stall"), collecting("stall")],
  targets: [{ kind: "limit", participant: native.name, atMost: 10e6 }],
};

/** Memory that it retains. */
const w15Heap: Cell = {
  ...common,
  id: "W15-heap",
  title: "heap and array buffers that such a cohort retains",
  unit: "bytes",
  participants: [indexing("bytes"), collecting("bytes")],
  targets: [{ kind: "ratio", participant: native.name, over: sdk.name, atMost: 1 }],
};

/** Time, stalls and memory of such a load. */
export const cohortLoads: readonly Cell[] = [w15, w15Stall, w15Heap];

/** Ids of 37 characters. */
function body(): Uint8Array {
  const ids = Array.from(
    { length: MEMBERS },
    (_, i) => `member-${String(i).padStart(7, "0")}-0123456789abcdef012345`,
  );
  return new TextEncoder().encode(JSON.stringify(cohortOf(ids)));
}

function indexing(measure: Measure): Participant {
  const flags = amplitudeWriter.bytes([flagOfCohort("flag")]);
  const clock = createClock();
  return measuring(native.name, measure, async (bytes) => {
    const facts = { etag: null, fetchedAtMs: 0, from: "static" } as const;
    const payloads = [
      { part: "flags", bytes: flags, ...facts },
      { part: cohortPart("early"), bytes, ...facts },
    ];
    const dialect = amplitude();
    const steps = dialect.compileInSteps?.({ payloads, prepared: null, former: null });
    const configuration = steps && (await runInSlices(steps, clock));
    if (configuration === undefined || !isAmplitudeConfiguration(configuration)) {
      throw new Error("nothing was loaded");
    }
    return configuration;
  });
}

/** What the vendor does with the body. */
function collecting(measure: Measure): Participant {
  return measuring(sdk.name, measure, async (bytes) => {
    const { memberIds, ...facts } = JSON.parse(new TextDecoder().decode(bytes));
    return { ...facts, memberIds: new Set<string>(memberIds) };
  });
}

function measuring(
  name: string,
  measure: Measure,
  load: (bytes: Uint8Array) => Promise<object>,
): Participant {
  return {
    name,
    async prepare() {
      const original = body();
      let kept: object | null = null;
      return {
        answers: {},
        async run() {
          kept = null;
          const before = memoryInUse();
          // As it is received: nothing else refers to it.
          let received: Uint8Array | null = original.slice();
          const startedAtNs = process.hrtime.bigint();
          const stallNs = await longestStall(async () => {
            kept = await load(received as Uint8Array); // until it is loaded
          }, 0);
          const elapsedNs = Number(process.hrtime.bigint() - startedAtNs);
          received = null;
          const figure =
            measure === "time" ? elapsedNs : measure === "stall" ? stallNs : memoryInUse() - before;
          return { figure, checksum: kept === null ? 0 : 1 };
        },
      };
    },
  };
}
