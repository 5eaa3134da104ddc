import { loaderOf, type Opened, type Peer } from "../dialects/peer.js";
import { participantsOf, type Row, targetsOf, type Vendor } from "../dialects/vendor.js";
import { shopBytes } from "../dialects/writer.js";
import { parseFloors } from "../floors/parse-floors.js";
import { type Cell, cellOf, effortOf, type Reading, type Task } from "./cell.js";
import { visitorsOf, withoutDefault } from "./evaluations.js";

/** Flags of a large shop. */
const SHOP_SIZE = 10_000;
/** One in this number of a shop's flags has strings. These are evaluated after a load. */
const STRINGS = 5;

/** Creates the cell of loading a payload from its bytes. The first evaluation is not timed. */
export function loadOf(vendor: Vendor, flagCount: number = SHOP_SIZE): Cell {
  const id = flagCount === SHOP_SIZE ? "W8" : `W8-${flagCount}`;
  const row: Row = vendor.rows?.[id] ?? {};
  const { member } = vendor.writer;
  const operations = SHOP_SIZE / flagCount;
  return cellOf({
    id,
    title: `load of ${flagCount.toLocaleString("en")} flags`,
    participants: [
      ...participantsOf(vendor, (peer) => loading(vendor, peer, flagCount, row), { share: 1 }),
      ...(member === undefined
        ? []
        : parseFloors(() => shopBytes(vendor.writer, flagCount), member)),
    ],
    effort: effortOf([20, operations, 5 * operations], [3, operations, operations]),
    collectsGarbage: true,
    targets: targetsOf(vendor, row),
    findFault: ({ flagCount: parsed = [flagCount], texts = [] }) =>
      parsed[0] === flagCount ? findFaultOfShop(texts) : `${parsed[0]} flags were parsed`,
  });
}

/** Returns what is wrong with the results of a shop's flags, or `null`. */
function findFaultOfShop(answers: readonly unknown[]): string | null {
  return new Set(answers).size >= 2 ? null : "the flags give too few different answers";
}

async function askTexts(
  vendor: Vendor,
  opened: Opened,
  count: number,
): Promise<readonly unknown[]> {
  const [visitor] = visitorsOf(vendor, ["user-1"], () => vendor.shopper);
  const texts: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const { key } = vendor.writer.shop(STRINGS * i + 1);
    texts.push(withoutDefault(await opened.string(key, visitor!))); // the list is not empty
  }
  return texts;
}

/** Creates a task that loads a shop's flags repeatedly. */
async function loading(
  vendor: Vendor,
  peer: Peer,
  flagCount: number,
  { sampleSize = flagCount / STRINGS }: Row = {},
): Promise<Task> {
  const bytes = shopBytes(vendor.writer, flagCount);
  const { load, release } = await loaderOf(peer);
  // Kept until the next one is loaded, like in a client.
  let latest = await load(bytes);
  const texts = await askTexts(vendor, latest(), sampleSize);
  return {
    answers: { texts },
    async run(operations): Promise<Reading> {
      let sum = 0;
      for (let i = 0; i < operations; i++) {
        await release?.();
        sum += await timeOf(async () => {
          latest = await load(bytes);
        });
      }
      return { figure: sum / operations, checksum: operations };
    },
  };
}

async function timeOf(load: () => Promise<void>): Promise<number> {
  const startedAtNs = process.hrtime.bigint();
  await load();
  return Number(process.hrtime.bigint() - startedAtNs);
}
