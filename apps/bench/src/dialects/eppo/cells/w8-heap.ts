import { setTimeout as sleep } from "node:timers/promises";
import type { Cell, Participant } from "../../../cells/cell.js";
import { eppo } from "../peers/eppo.js";
import { facade } from "../peers/facade.js";
import type { Peer } from "../peers/peer.js";
import { sortition } from "../peers/sortition.js";
import { askTexts, findFaultOfTexts, shopBytes, shopFlag } from "../workload/shop.js";

const FLAG_COUNT = 10_000;
/** Every fifth of these flags is evaluated. */
const SAMPLE_SIZE = 500;
/** Longer than our decoding in the background takes. */
const REST_MS = 1_200;

type Kind = "heap" | "heap + array buffers" | "heap, every flag used once";

/** Memory of a loaded configuration, without the payload's bytes in the caller's hands. */
export const w8Heap: Cell = {
  id: "W8-heap",
  title: `memory that ${FLAG_COUNT.toLocaleString("en")} loaded flags retain`,
  unit: "bytes",
  participants: (["heap", "heap + array buffers", "heap, every flag used once"] as const).flatMap(
    (kind) => [sortition, facade, eppo].map((peer) => retaining(peer, kind)),
  ),
  effort: {
    // It does not change once loaded.
    full: { rounds: 1, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 1, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: true,
  targets: [
    {
      kind: "ratio",
      participant: nameOf(sortition, "heap"),
      over: nameOf(eppo, "heap"),
      atMost: 0.4,
    },
    {
      kind: "ratio",
      participant: nameOf(sortition, "heap + array buffers"),
      over: nameOf(eppo, "heap + array buffers"),
      atMost: 0.7,
    },
  ],
  findFault: ({ texts = [] }) => findFaultOfTexts(texts),
};

function nameOf(peer: Peer, kind: Kind): string {
  return `${peer.name}: ${kind}`;
}

function retaining(peer: Peer, kind: Kind): Participant {
  return {
    name: nameOf(peer, kind),
    async prepare() {
      const body = shopBytes(FLAG_COUNT);
      const loader = await peer.createLoader();
      const before = memory(kind);
      await loader.load(body);
      const client = loader.client();
      if (kind === "heap, every flag used once") {
        for (let i = 0; i < FLAG_COUNT; i++) {
          client.getStringAssignment(shopFlag(i).key, "user-1", {}, "nothing");
        }
      } else await sleep(REST_MS);
      const figure = memory(kind) - before;
      const texts = askTexts(client, SAMPLE_SIZE);
      return {
        answers: { texts },
        // The client is used once more, so that it could not be collected before.
        run: () => ({ figure, checksum: askTexts(client, SAMPLE_SIZE).length }),
      };
    },
  };
}

/** Bytes in use after garbage collection. */
function memory(kind: Kind): number {
  for (let i = 0; i < 4; i++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return kind === "heap + array buffers" ? heapUsed + arrayBuffers : heapUsed;
}
