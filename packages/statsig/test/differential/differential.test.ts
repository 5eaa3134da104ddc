import { describeDifferential, runOf, seedOr } from "@sortition/dialect-kit/differential";
import { planOf } from "./plan.js";

/** Payloads of the long test for each SDK. 150 compare 102,000 results. */
const LONG = Number(process.env["SORTITION_PAYLOADS"] ?? 15);
const SAMPLE = { seed: seedOr(20_261_128), mayMiss: ["reasons", "operators"] };
const LONG_RUN = {
  seed: seedOr(20_261_129),
  extent: { payloads: LONG, usersEach: 20 },
  least: LONG * 20 * 17,
};

// Samples. A client of the SDK for version 2 takes long to start.
describeDifferential(
  planOf("core"),
  runOf({ ...SAMPLE, extent: { payloads: 9, usersEach: 10 }, least: 1_530 }, LONG_RUN),
);
describeDifferential(
  planOf("legacy"),
  runOf({ ...SAMPLE, extent: { payloads: 15, usersEach: 10 }, least: 2_550 }, LONG_RUN),
);
