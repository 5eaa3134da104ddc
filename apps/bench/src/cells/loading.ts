import { loaderOf, type Opened, type Peer } from "../dialects/peer.js";
import { peersOf, type Row, targetsOf, type Vendor } from "../dialects/vendor.js";
import { shopBytes } from "../dialects/writer.js";
import { parseFloors } from "../floors/parse-floors.js";
import type { Cell, Participant, Reading } from "./cell.js";
import { visitorsOf, withoutDefault } from "./evaluations.js";
import { SHOP_SIZE } from "./shop-memory.js";

/** One in so many flags of a shop has strings; what a load has loaded is asked for these. */
const STRINGS = 5;

/** Loading a payload from its bytes. The first answer is not timed. */
export function loadOf(vendor: Vendor, flagCount: number = SHOP_SIZE): Cell {
  const id = flagCount === SHOP_SIZE ? "W8" : `W8-${flagCount}`;
  const row: Row = vendor.rows?.[id] ?? {};
  const { member } = vendor.writer;
  return {
    id,
    title: `load of ${flagCount.toLocaleString("en")} flags`,
    unit: "ns",
    participants: [
      ...peersOf(vendor).map((peer) => loading(vendor, peer, flagCount, row)),
      ...(member === undefined
        ? []
        : parseFloors(() => shopBytes(vendor.writer, flagCount), member)),
    ],
    effort: {
      full: {
        rounds: 20,
        operations: SHOP_SIZE / flagCount,
        warmUpOperations: (5 * SHOP_SIZE) / flagCount,
      },
      quick: {
        rounds: 3,
        operations: SHOP_SIZE / flagCount,
        warmUpOperations: SHOP_SIZE / flagCount,
      },
    },
    collectsGarbage: true,
    targets: targetsOf(vendor, row),
    findFault: ({ flagCount: parsed = [flagCount], texts = [] }) =>
      parsed[0] === flagCount ? findFaultOfTexts(texts) : `${parsed[0]} flags were parsed`,
  };
}

/** Returns what is wrong with answers of string flags, or `null`. */
export function findFaultOfTexts(texts: readonly unknown[]): string | null {
  return new Set(texts).size >= 2 ? null : "the flags give too few different answers";
}

/** Evaluates so many of the string flags. */
async function askTexts(
  vendor: Vendor,
  opened: Opened,
  count: number,
): Promise<readonly unknown[]> {
  const [visitor] = visitorsOf(vendor, ["user-1"], () => vendor.shopper);
  const texts: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const { key } = vendor.writer.shop(STRINGS * i + 1);
    texts.push(withoutDefault(await opened.string(key, visitor!))); // there is one
  }
  return texts;
}

function loading(
  vendor: Vendor,
  peer: Peer,
  flagCount: number,
  { sampleSize = flagCount / STRINGS }: Row,
): Participant {
  return {
    name: peer.name,
    async prepare() {
      const bytes = shopBytes(vendor.writer, flagCount);
      const { load, opened, release } = await loaderOf(peer);
      await load(bytes);
      const texts = await askTexts(vendor, opened(), sampleSize);
      return {
        answers: { texts },
        async run(operations): Promise<Reading> {
          let sum = 0;
          for (let i = 0; i < operations; i++) {
            await release?.();
            const startedAtNs = process.hrtime.bigint();
            await load(bytes);
            sum += Number(process.hrtime.bigint() - startedAtNs);
          }
          return { figure: sum / operations, checksum: operations };
        },
      };
    },
  };
}
