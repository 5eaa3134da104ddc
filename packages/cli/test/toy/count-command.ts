import { exposuresOf } from "../../src/analysis/exposures-input.js";
import { type Analysis, type Reading, runAnalysis } from "../../src/analysis/run.js";
import { type Command, command } from "../../src/commands/command.js";
import {
  type CommandLine,
  type ConfigurationOptions,
  readConfigurationOptions,
} from "../../src/configuration-options.js";
import {
  EVENT_OPTIONS,
  type EventsOptions,
  eventsOptionsOf,
} from "../../src/events/event-options.js";
import { ExposureReader } from "../../src/events/exposures.js";
import { CONFIG_OPTION, type CommandHelp, JSON_OPTION } from "../../src/help/command-help.js";
import { REPORT_OPTIONS, type ReportOptions, reportOptionsOf } from "../../src/report-options.js";
import { count } from "../../src/text/values.js";

const COUNT: CommandHelp = {
  name: "count",
  summary: "count rows by flag and variation",
  usage: "EVENTS… --config FILE [OPTIONS]",
  about: ["Counts the rows of each flag and variation."],
  options: [CONFIG_OPTION, ...EVENT_OPTIONS, JSON_OPTION, ...REPORT_OPTIONS],
  exitCodes: { 0: "all rows were counted" },
  example: ["sortition count exposures.ndjson --config flags.json"],
};

type CountOptions = ConfigurationOptions & EventsOptions & ReportOptions;

async function parseCountOptions(line: CommandLine): Promise<CountOptions> {
  const options = await readConfigurationOptions(line, COUNT);
  return { ...options, ...eventsOptionsOf(options), ...reportOptionsOf(options.given) };
}

interface Counted {
  readonly flag: string;
  readonly variation: string | null;
  rows: number;
}

/** Counts rows by flag and variation. */
async function countAnalysis(options: CountOptions, { bad, messages }: Reading): Promise<Analysis> {
  const { configPath, dialect } = options;
  const { configuration } = await dialect.open({ ...options, warn: messages.warning });
  const exposures = new ExposureReader(
    options,
    { configurations: [configuration], indexAt: () => 0 },
    bad,
  );
  const counts = new Map<string, Counted>();
  return {
    read(records) {
      exposures.read(records, ({ experiment, flag, variation }) => {
        const key = JSON.stringify([flag ?? experiment, variation]);
        const counted = counts.get(key) ?? { flag: flag ?? `${experiment}`, variation, rows: 0 };
        counted.rows += 1;
        counts.set(key, counted);
      });
    },
    get found() {
      return counts.size;
    },
    report() {
      const columns = [
        { title: "Flag", width: 36 },
        { title: "Variation", width: 28 },
        { title: "Rows", width: 12, isNumber: true },
      ];
      const json = [...counts.values()];
      const rows = json.map((it) => [it.flag, it.variation ?? "(none)", count(it.rows)]);
      const { revision } = configuration;
      const caption = "Rows by flag and variation";
      return {
        title: "How many rows does each variation have?",
        answer: [],
        sections: () => [{ name: null, tables: [{ caption, columns, rows }] }],
        json,
        about: {
          dialect: dialect.name,
          configurations: [{ name: configPath, revision }],
          times: null,
          unjudged: 0,
        },
        violations: [],
        isProblem: false,
        unusable: null,
      };
    },
  };
}

export const countRows: Command = command(COUNT, parseCountOptions, (options, io) => {
  const input = exposuresOf(options, "no exposure");
  const open = (reading: Reading) => countAnalysis(options, reading);
  return runAnalysis({ command: "count", options, input, open }, io);
});
