import { amplitude, cohortPart, isAmplitudeConfiguration } from "@sortition/amplitude/dialect";
import { createClock, runInSlices } from "@sortition/core/internal";
import { type Cell, cellOf, effortOf, type Participant } from "../../../cells/cell.js";
import { memoryInUse } from "../../../cells/memory.js";
import { limit, ratio, type Target } from "../../../cells/target.js";
import { longestStall } from "../../../stall.js";
import { native, sdk } from "../peers.js";
import { amplitudeWriter, cohortOf, flagOfCohort } from "../writer.js";

export const MEMBERS = 1_000_000;

type Measure = "ns" | "stallNs" | "bytes";

/** Time until a large cohort can be queried, the longest stall in the meantime, and the memory that it retains. */
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
    participants: [
      measuring(native.name, measure, indexing()),
      measuring(sdk.name, measure, collect),
    ],
    effort: effortOf([5, 1, 1], [2, 1, 1]),
    collectsGarbage: true,
  });
}

/** Creates a cohort whose ids have 37 characters. */
function body(): Uint8Array {
  const ids = Array.from(
    { length: MEMBERS },
    (_, i) => `member-${String(i).padStart(7, "0")}-0123456789abcdef012345`,
  );
  return new TextEncoder().encode(JSON.stringify(cohortOf(ids)));
}

type Load = (bytes: Uint8Array) => Promise<object>;

function indexing(): Load {
  const flags = amplitudeWriter.bytes([flagOfCohort("flag")]);
  const clock = createClock();
  const facts = { etag: null, fetchedAtMs: 0, from: "static" } as const;
  return async (bytes) => {
    const payloads = [
      { part: "flags", bytes: flags, ...facts },
      { part: cohortPart("early"), bytes, ...facts },
    ];
    const steps = amplitude().compileInSteps?.({ payloads, prepared: null, former: null });
    const configuration = steps && (await runInSlices(steps, clock));
    if (configuration && isAmplitudeConfiguration(configuration)) return configuration;
    throw new Error("nothing was loaded");
  };
}

/** Reads the body like the vendor's SDK. */
async function collect(bytes: Uint8Array): Promise<object> {
  const { memberIds, ...facts } = JSON.parse(new TextDecoder().decode(bytes));
  return { ...facts, memberIds: new Set<string>(memberIds) };
}

function measuring(name: string, measure: Measure, load: Load): Participant {
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
          // A copy, so that nothing else refers to the received bytes.
          let received: Uint8Array | null = original.slice();
          const startedAtNs = process.hrtime.bigint();
          const stallNs = await longestStall(async () => {
            kept = await load(received as Uint8Array); // `received` is only cleared later
          }, 0);
          const ns = Number(process.hrtime.bigint() - startedAtNs);
          received = null;
          const figures = { ns, stallNs, bytes: memoryInUse() - before };
          return { figure: figures[measure], checksum: kept === null ? 0 : 1 };
        },
      };
    },
  };
}
