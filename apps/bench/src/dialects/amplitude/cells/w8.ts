import { amplitude } from "@sortition/amplitude/dialect";
import type { Cell, Participant } from "../../../cells/cell.js";
import { cellsOfShop } from "../../../cells/used.js";
import { facade, native, vendor } from "../peers.js";
import { shopFlag } from "../workload.js";

const FLAG_COUNT = 10_000;
const JSON_PARSE = "floor: JSON.parse";

function flags(length = FLAG_COUNT) {
  return Array.from({ length }, (_, i) => shopFlag(i));
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

/** Memory of flags, and their first use. */
export const ofShop: readonly Cell[] = cellsOfShop({
  flagCount: FLAG_COUNT,
  keyOf: (flag) => shopFlag(flag).key,
  bytes: (count) => new TextEncoder().encode(JSON.stringify(flags(count))),
  openers: [native, facade, vendor].map((peer) => ({
    name: peer.name,
    async open(bytes) {
      const ask = await peer.create({ flags: JSON.parse(new TextDecoder().decode(bytes)) });
      return {
        ask: (flagKey, key) => ask(flagKey, { key, attributes: {}, user: userOf(key) }),
      };
    },
  })),
  atMost: { loaded: 0.7, used: 1.4 },
  sample: Array.from({ length: 200 }, (_, i) => i * 7),
});

function userOf(key: string) {
  return { user_id: key, user_properties: {} };
}
