import { exposuresOf } from "../../src/analysis/exposures-input.js";
import { type Analysis, type Reading, runAnalysis } from "../../src/analysis/run.js";
import { type Command, command } from "../../src/commands/command.js";
import { forEachExposure } from "../../src/events/exposures.js";
import { rowsOf } from "../../src/rows/parse-row.js";
import { SRM } from "../../src/srm/help.js";
import { parseSrmOptions, type SrmOptions } from "../../src/srm/options.js";
import { count } from "../../src/text/values.js";

/** Counts rows by variation. */
function countAnalysis({ dialect, reading }: SrmOptions, { bad }: Reading): Analysis {
  const counts = new Map<string, number>();
  return {
    read(records) {
      forEachExposure(rowsOf(records), reading, bad, ({ variation }) => {
        counts.set(`${variation}`, (counts.get(`${variation}`) ?? 0) + 1);
      });
    },
    get found() {
      return counts.size;
    },
    report() {
      const columns = [
        { title: "Variation", width: 40 },
        { title: "Rows", width: 12, isNumber: true },
      ];
      const rows = [...counts].map(([variation, n]) => [variation, count(n)]);
      return {
        title: "How many rows does each variation have?",
        answer: [],
        sections: () => [{ name: null, tables: [{ caption: "Rows by variation", columns, rows }] }],
        json: [...counts].map(([variation, n]) => ({ variation, rows: n })),
        about: { dialect: dialect.name, configurations: [], times: null, unjudged: 0 },
        violations: [],
        isProblem: false,
        unusable: null,
      };
    },
  };
}

export const countRows: Command = command(
  { ...SRM, name: "count" },
  parseSrmOptions,
  (options, io) => {
    const input = exposuresOf(options, "no exposure");
    const open = async (reading: Reading) => countAnalysis(options, reading);
    return runAnalysis({ command: "count", options, input, open }, io);
  },
);
