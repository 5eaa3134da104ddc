import { amplitude, cohortPart, isAmplitudeConfiguration } from "@sortition/amplitude/dialect";
import { createClock, runInSlices } from "@sortition/core/source";
import { type Cell, cellOf, effortOf, type Participant } from "../../../cells/cell.js";
import { memoryInUse } from "../../../cells/memory.js";
import { limit, ratio, type Target } from "../../../cells/target.js";
import { longestStall } from "../../../stall.js";
import { native, sdk } from "../peers.js";
import { amplitudeWriter, cohortOf, flagOfCohort } from "../writer.js";

export const MEMBERS = 1_000_000;

interface Measured {
  readonly ns: number;
  readonly stallNs: number;
  readonly bytes: number;
}

type Measure = keyof Measured;

/** Time until a large cohort can be asked, the longest stall meanwhile, and the memory that it retains. */
export const cohortLoads: readonly Cell[] = [
  cohortLoad("W15", "load of a cohort of 1,000,000 members", "ns"),
  cohortLoad("W15-stall", "longest stall of the event loop during that load", "stallNs", [
    limit(native.name, 10e6),
  ]),
  cohortLoad("W15-heap", "heap and array buffers that such a cohort retains", "bytes", [
    ratio(native.name, sdk.name, 1),
  ]),
];

function cohortLoad(
  id: string,
  title: string,
  measure: Measure,
  targets: readonly Target[] = [],
): Cell {
  return cellOf({
    ...{ id, title, targets },
    unit: measure === "bytes" ? "bytes" : "ns",
    participants: [indexing(measure), collecting(measure)],
    effort: effortOf([5, 1, 1], [2, 1, 1]),
    collectsGarbage: true,
  });
}

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
          const ns = Number(process.hrtime.bigint() - startedAtNs);
          received = null;
          const measured: Measured = { ns, stallNs, bytes: memoryInUse() - before };
          return { figure: measured[measure], checksum: kept === null ? 0 : 1 };
        },
      };
    },
  };
}
