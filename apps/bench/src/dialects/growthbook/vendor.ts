import { fnv1aUint32 } from "@sortition/core/dialect";
import { fnv1aPrefix } from "@sortition/core/dialect-internal";
import type { Participant } from "../../cells/cell.js";
import { FLAG, longList, OUR_W1 } from "../../cells/evaluations.js";
import { ratio } from "../../cells/target.js";
import { floor } from "../../floors/floor.js";
import { JSON_PARSE } from "../../floors/parse-floors.js";
import { LIST_LENGTH, listedAccounts } from "../../workload/accounts.js";
import { RANKINGS, SHOPPER } from "../../workload/audience.js";
import type { Row, Vendor } from "../vendor.js";
import { dropIn, native, sdk } from "./peers.js";
import { growthbookWriter, HALVES_TEST, invitedByGroup } from "./writer.js";

const FLOOR = "floor: double FNV + look-up";
const LIST: Row = { values: ["invited", "none"], share: 0.02, faster: [80, 2] };
/** Our client without a dialect and without polling, because it starts with a payload. */
const OUR_CLIENT = "@sortition/core";

const ROWS: Readonly<Record<string, Row>> = {
  W1: { faster: [3, 2], within: { [FLOOR]: 2 }, beside: [doubleFnv()] },
  W2: { values: [...RANKINGS, "none"], faster: [8, 2], within: { [OUR_W1]: 1.8 } },
  W3: { values: ["value-19"], share: 0.2, faster: [8, 2] },
  W4: { faster: [5, 2] },
  W5: LIST,
  "W5-group": LIST,
  // With the vendor's SDK, each user has an instance.
  W6: { subjectCount: 2_000, faster: [5, 2] },
  W8: { within: { [JSON_PARSE]: 0.5 } },
  W9: {
    targets: [ratio(OUR_CLIENT, sdk.name, 1), ratio(dropIn.name, sdk.name, 1.2)],
  },
};

/** GrowthBook. Values of its first features are strings. */
export const growthbook: Vendor = {
  name: "growthbook",
  writer: growthbookWriter,
  native,
  dropIn,
  sdk,
  shopper: SHOPPER,
  rows: ROWS,
  starts: [OUR_CLIENT, dropIn.name, sdk.name, "@sortition/node"].map((name) => ({ name })),
  own: (vendor) => [longList(vendor, BY_GROUP)],
};

const BY_GROUP: Parameters<typeof longList>[1] = {
  id: "W5-group",
  title: `one of a saved group of ${LIST_LENGTH.toLocaleString("en")}`,
  bytes: ({ bytes }) =>
    bytes([invitedByGroup(FLAG, "accounts")], { savedGroups: { accounts: listedAccounts() } }),
};

/** Creates the lower bound of evaluations that bucket a subject with hash version 2. */
function doubleFnv(): Participant {
  const prefix = fnv1aPrefix(HALVES_TEST);
  const features = new Map([[FLAG, ["off", "on"]]]);
  return floor({
    name: FLOOR,
    topic: "values",
    ask(subject) {
      const n = fnv1aUint32(`${fnv1aUint32(subject, prefix)}`) % 10_000;
      return features.get(FLAG)?.[n < 5_000 ? 0 : 1] ?? "";
    },
    digest: (value) => value.length,
  });
}
