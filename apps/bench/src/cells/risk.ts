import { riskOf } from "@sortition/core/dialect";
import { COUNTRY_CODES } from "../workload/countries.js";
import { type Cell, cellOf, effortOf } from "./cell.js";
import { limit } from "./target.js";

const SORTITION = "sortition";
const LIST = `^(?:${COUNTRY_CODES.join("|")})+$`;
/** Each code in two ways. */
const TWICE = `^(?:${COUNTRY_CODES.join("|")}|[A-Z]{2})+$`;

/** The check of a pattern that is as long as people write them. It is made where somebody waits. */
export const risk: Cell = cellOf({
  id: "risk",
  title: "one check of a list of 195 country codes for slow matches",
  participants: [
    {
      name: SORTITION,
      prepare: async () => ({
        answers: { list: [riskOf(new RegExp(LIST))], twice: [riskOf(new RegExp(TWICE))] },
        run(operations) {
          let found = 0;
          for (let i = 0; i < operations; i++) if (riskOf(new RegExp(LIST)) === null) found += 1;
          return found;
        },
      }),
    },
  ],
  effort: effortOf([30, 20, 1], [5, 5, 1]),
  targets: [limit(SORTITION, 5_000_000)],
  findFault: ({ list = [], twice = [] }) =>
    list[0] === null && typeof twice[0] === "string"
      ? null
      : "the check finds nothing, or too much",
});
