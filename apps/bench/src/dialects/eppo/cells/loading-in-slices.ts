import { Configuration } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { type Cell, cellOf, effortOf, type Participant } from "../../../cells/cell.js";
import { loading } from "../../../cells/loading.js";
import { findFaultOfShop } from "../../../cells/shop-memory.js";
import { limit, ratio } from "../../../cells/target.js";
import { longestStall } from "../../../stall.js";
import type { Peer } from "../../peer.js";
import type { Vendor } from "../../vendor.js";
import { native, nativeBy } from "../peers.js";

const FLAG_COUNT = 10_000;
const FROM = `${native.name}, Configuration.from`;
const LOAD = `${native.name}, Configuration.load`;

/** Creates the cells that compare loading in slices with loading at once, on an idle event loop, and the stalls of both. */
export function loadingInSlices(vendor: Vendor): readonly Cell[] {
  const inSlices = nativeBy((flagsConfiguration) =>
    Configuration.load({ dialect: eppo(), payloads: { flags: flagsConfiguration } }),
  );
  const participants = (measure?: Parameters<typeof loading>[4]): readonly Participant[] => {
    const participant = (name: string, peer: Peer): Participant => ({
      name,
      prepare: () => loading(vendor, peer, FLAG_COUNT, { sampleSize: 100 }, measure),
    });
    return [participant(LOAD, inSlices), participant(FROM, native)];
  };
  const w8Load = cellOf({
    id: "W8-load",
    title: `load of ${FLAG_COUNT.toLocaleString("en")} flags in slices, compared with all at once`,
    participants: participants(),
    effort: effortOf([20, 1, 5], [4, 1, 3]),
    collectsGarbage: true,
    targets: [ratio(LOAD, FROM, 1.6)],
    findFault: ({ texts = [] }) => findFaultOfShop(texts),
  });
  const w8LoadStall: Cell = {
    ...w8Load,
    id: "W8-load-stall",
    title: "longest stall of the event loop during that load",
    participants: participants((load) => longestStall(load, 0)),
    targets: [limit(LOAD, 2e6)],
  };
  return [w8Load, w8LoadStall];
}
