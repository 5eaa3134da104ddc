import { LocalEvaluationClient as VendorClient } from "@amplitude/experiment-node-server";
import { amplitude } from "@sortition/amplitude/dialect";
import { createClient } from "@sortition/core/client";
import type { Cell, Participant } from "../../../cells/cell.js";
import { memoryInUse } from "../../../cells/memory.js";
import { configurationOf, native, vendor } from "../peers.js";
import { shopFlag } from "../workload.js";

const FLAG_COUNT = 10_000;
const JSON_PARSE = "floor: JSON.parse";

function flags() {
  return Array.from({ length: FLAG_COUNT }, (_, i) => shopFlag(i));
}

/** Loading flags from their bytes. */
export const w8: Cell = {
  id: "W8",
  title: `load of ${FLAG_COUNT.toLocaleString("en")} flags`,
  unit: "ns",
  participants: [loading(), parsing()],
  effort: {
    full: { rounds: 20, operations: 1, warmUpOperations: 5 },
    quick: { rounds: 3, operations: 1, warmUpOperations: 2 },
  },
  collectsGarbage: true,
  targets: [{ kind: "ratio", participant: native.name, over: JSON_PARSE, atMost: 0.5 }],
  findFault: ({ keys = [] }) => (keys[0] === FLAG_COUNT ? null : `${keys[0]} flags were loaded`),
};

function loading(): Participant {
  return {
    name: native.name,
    async prepare() {
      const dialect = amplitude();
      const bytes = new TextEncoder().encode(JSON.stringify(flags()));
      const part = { part: "flags", bytes, etag: null, fetchedAtMs: 0, from: "static" } as const;
      const load = () => dialect.compile({ payloads: [part], prepared: null, former: null });
      let latest = load();
      return {
        answers: { keys: [latest.flagKeys.size] },
        run(operations) {
          for (let i = 0; i < operations; i++) latest = load();
          return latest.flagKeys.size;
        },
      };
    },
  };
}

function parsing(): Participant {
  return {
    name: JSON_PARSE,
    async prepare() {
      const text = JSON.stringify(flags());
      let latest: readonly unknown[] = [];
      return {
        answers: {},
        run(operations) {
          for (let i = 0; i < operations; i++) latest = JSON.parse(text);
          return latest.length;
        },
      };
    },
  };
}

/** Memory of loaded flags, without the payload in the caller's hands. */
export const w8Heap: Cell = {
  id: "W8-heap",
  title: `heap and array buffers that ${FLAG_COUNT.toLocaleString("en")} loaded flags retain`,
  unit: "bytes",
  participants: [
    retaining(native.name, () => {
      const dialect = amplitude();
      const initialConfiguration = configurationOf({ flags: flags() });
      const diagnostics = { debug() {}, info() {}, warn() {}, error() {} };
      return createClient({ dialect, initialConfiguration, diagnostics });
    }),
    retaining(vendor.name, () => {
      const bootstrap = JSON.parse(
        JSON.stringify(Object.fromEntries(flags().map((it) => [it.key, it]))),
      );
      return new VendorClient("bench", { bootstrap });
    }),
  ],
  effort: {
    full: { rounds: 1, operations: 1, warmUpOperations: 1 },
    quick: { rounds: 1, operations: 1, warmUpOperations: 1 },
  },
  collectsGarbage: true,
  targets: [{ kind: "ratio", participant: native.name, over: vendor.name, atMost: 0.7 }],
  findFault: () => null,
};

function retaining(name: string, open: () => object): Participant {
  return {
    name,
    async prepare() {
      const before = memoryInUse();
      const client = open();
      const figure = memoryInUse() - before;
      return {
        answers: {},
        run: () => ({ figure, checksum: Object.keys(client).length }),
      };
    },
  };
}
