import { FLAG } from "../../cells/evaluations.js";
import { ratio } from "../../cells/target.js";
import { JSON_PARSE } from "../../floors/parse-floors.js";
import { COUNTRIES } from "../../workload/audience.js";
import { received } from "../../workload/subjects.js";
import type { Row, Vendor } from "../vendor.js";
import { MURMUR_AND_LOOK_UP, murmurFloor } from "./cells/murmur-floor.js";
import { dropIn, native, sdk, userOf } from "./peers.js";
import { amplitudeWriter } from "./writer.js";

const NATIVE_PACKAGE = "@sortition/amplitude/dialect";

const ROWS: Readonly<Record<string, Row>> = {
  W1: { faster: [4, 2], within: { [MURMUR_AND_LOOK_UP]: 2.5 }, beside: [murmurFloor(FLAG)] },
  W2: {
    attributesOf: () => (i) => ({
      market: received(COUNTRIES[i % COUNTRIES.length] ?? ""),
      app: received(`3.${2 + (i % 7)}.${i % 10}`),
    }),
    faster: [8, 2],
  },
  W3: {
    attributesOf: () => () => ({ plan: received("plan-19"), age: received("34") }),
    faster: [8, 2],
  },
  W4: { share: 0.2, faster: [5, 2] },
  W5: {
    values: ["on", false],
    share: 0.002,
    faster: [800],
  },
  W6: { faster: [8, 2] },
  // The vendor's SDK visits all flags in each evaluation.
  W8: { sampleSize: 100, within: { [JSON_PARSE]: 0.5 } },
  W9: {
    targets: [ratio(NATIVE_PACKAGE, sdk.name, 0.5), ratio(dropIn.name, sdk.name, 0.6)],
  },
};

export const amplitude: Vendor = {
  name: "amplitude",
  writer: amplitudeWriter,
  native,
  dropIn,
  sdk,
  visitorOf: userOf,
  shopper: {},
  rows: ROWS,
  starts: [NATIVE_PACKAGE, dropIn.name, sdk.name].map((name) => ({ name })),
  timesItself: true,
};
