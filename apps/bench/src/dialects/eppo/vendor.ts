import { FLAG, OUR_W1, SECTIONS } from "../../cells/evaluations.js";
import { otherFirstLogged, unlogged } from "../../cells/first-logged.js";
import { loadOf } from "../../cells/loading.js";
import { loggingName, WITHOUT_LOGGER } from "../../cells/logging.js";
import { ratio } from "../../cells/target.js";
import { OWN_MD5, ownMd5 } from "../../floors/hash-floors.js";
import { JSON_PARSE } from "../../floors/parse-floors.js";
import { RANKINGS, SHOPPER } from "../../workload/audience.js";
import { received, shortSubjectKeys } from "../../workload/subjects.js";
import type { Row, Vendor } from "../vendor.js";
import { choosingOf } from "./cells/choosing.js";
import {
  findFaultOfShards,
  hashFloors,
  OWN_MD5_AND_LOOK_UP,
  OWN_MD5_OF_EACH,
  ownMd5OfEach,
} from "./cells/md5-floors.js";
import { EPPO_PACKAGE, eppoStarts, OUR_PACKAGE, STARTS } from "./cells/starts.js";
import { dropIn, native, observed, sdk } from "./peers.js";
import { eppoWriter, RULED_VALUES } from "./writer.js";

const { halves } = eppoWriter;
const NON_EXPIRING = loggingName(native.name, "non-expiring");

const ROWS: Readonly<Record<string, Row>> = {
  "W1-unlogged": { faster: [8] },
  "W1-first-logged": { faster: [1, 1.1] },
  "W3-first-logged": { faster: [1, 1.1] },
  "W4-first-logged": { faster: [1, 1.1], share: 0.2 },
  "W5-first-logged": { faster: [1, 1.1] },
  W1: {
    faster: [9],
    within: { [OWN_MD5_AND_LOOK_UP]: 1.5 },
    beside: hashFloors(),
    check: findFaultOfShards(halves),
  },
  W2: {
    values: [...RANKINGS, false],
    faster: [8],
    within: { [OUR_W1]: 1.6 },
    beside: hashFloors(),
    check: findFaultOfShards(RANKINGS),
  },
  W3: {
    values: RULED_VALUES,
    attributesOf: members,
    faster: [8],
    beside: hashFloors(),
    check: findFaultOfShards(RULED_VALUES),
  },
  W4: {
    share: 0.2,
    faster: [8],
    within: { [OWN_MD5_OF_EACH]: 2 },
    beside: [ownMd5OfEach(SECTIONS)],
  },
  W5: {
    values: ["invited", false],
    share: 0.02,
    faster: [100],
    within: { [OWN_MD5]: 0.7 },
    beside: [ownMd5({ salt: FLAG, subjects: shortSubjectKeys })],
  },
  W6: {
    faster: [15],
    within: { [WITHOUT_LOGGER]: 2 },
    targets: [ratio(NON_EXPIRING, WITHOUT_LOGGER, 1.5)],
  },
  W8: { within: { [JSON_PARSE]: 0.5 } },
  W9: { targets: [ratio(OUR_PACKAGE, EPPO_PACKAGE, 1)] },
};

/** Eppo. The flags of its first cells are booleans. */
export const eppo: Vendor = {
  name: "eppo",
  writer: eppoWriter,
  native,
  observed,
  dropIn,
  sdk,
  shopper: SHOPPER,
  rows: ROWS,
  memories: ["default", "non-expiring"],
  starts: STARTS,
  own: (vendor) => [
    unlogged(vendor),
    ...otherFirstLogged(vendor),
    choosingOf(10, 6, [1_000, 2_000]),
    // The vendor's SDK hashes in each comparison of two actions.
    choosingOf(100, 12, [100, 300]),
    loadOf(vendor, 100),
    loadOf(vendor, 1_000),
    ...eppoStarts(vendor),
  ],
};

function members() {
  const attributes = { plan: received("plan-19"), age: received("34") };
  return () => attributes;
}
