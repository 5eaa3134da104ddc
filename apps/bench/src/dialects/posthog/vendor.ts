import { evaluation, FLAG, searching } from "../../cells/evaluations.js";
import { ratio } from "../../cells/target.js";
import { JSON_PARSE } from "../../floors/parse-floors.js";
import { RANKINGS, SHOPPER } from "../../workload/audience.js";
import type { Row, Vendor } from "../vendor.js";
import { ONE_SHA1, oneSha1, TWO_SHA1, twoSha1 } from "./cells/sha1-floor.js";
import { dropIn, native, sdk } from "./peers.js";
import { posthogWriter, targetedFlag } from "./writer.js";

const TARGETED = [...RANKINGS, false];
const NATIVE_PACKAGE = "@sortition/node";

const ROWS: Readonly<Record<string, Row>> = {
  W1: { faster: [60, 5], within: { [ONE_SHA1]: 2 }, beside: [oneSha1(FLAG)] },
  W2: { values: TARGETED, faster: [60, 5] },
  "W2-rollout": {
    values: TARGETED,
    faster: [40, 5],
    within: { [TWO_SHA1]: 2 },
    beside: [twoSha1(FLAG)],
  },
  W3: { values: [true], faster: [60, 5] },
  W4: { faster: [40, 5] },
  W5: { values: [true, false], share: 0.005, faster: [800, 5] },
  W6: { faster: [40, 5] },
  W8: { within: { [JSON_PARSE]: 0.6 } },
  W9: {
    targets: [ratio(NATIVE_PACKAGE, sdk.name, 0.4), ratio(dropIn.name, sdk.name, 0.6)],
  },
};

/** PostHog. Its SDK and our drop-in return promises, and the vendor's SDK is slow. */
export const posthog: Vendor = {
  name: "posthog",
  writer: posthogWriter,
  native,
  dropIn,
  sdk,
  share: 0.2,
  shopper: SHOPPER,
  rows: ROWS,
  starts: [NATIVE_PACKAGE, dropIn.name, sdk.name].map((name) => ({ name })),
  timesItself: true,
  own: (vendor) => [
    evaluation(vendor, {
      id: "W2-rollout",
      title: "W2 with a rollout of 80%: rollout and variants are hashed",
      bytes: ({ bytes }) => bytes([targetedFlag(FLAG, 80)]),
      attributesOf: searching,
    }),
  ],
};
