import { Configuration, createClient } from "@sortition/core";
import type { Cell, Effort } from "../cells/cell.js";
import { askTyped } from "../cells/typed-ask.js";
import { type EppoFlag, eppoWriter } from "../dialects/eppo/writer.js";
import { type FlagBody, shopBytes, shopFlags } from "../dialects/writer.js";
import { shortSubjectKeys } from "../workload/subjects.js";
import { type CommandRun, runCommand } from "./command.js";

type Attributes = Readonly<Record<string, string>>;

const FLAG_COUNT = 100;
const COMPARED_FLAGS = 20;
/** Lines that differ; a longer input repeats them. */
const DISTINCT_LINES = 10_000;
/** Lines of a full run, and of a quick one. */
const LINES = {
  evaluate: { full: 1_000_000, quick: 20_000 },
  diff: { full: 100_000, quick: 5_000 },
  replay: { full: 200_000, quick: 10_000 },
} as const;
/** How many answers are compared before the clock starts. */
const SAMPLE_SIZE = 1_000;
const DIALECT = ["--dialect", "eppo"];

/** The command over a long file of requests, from the start of its process to its end. */
export const evaluate: Cell = cell(
  "evaluate",
  "evaluate",
  "one line of `sortition evaluate`",
  () => ({
    args: ["evaluate", ...DIALECT, "--config", "flags.json"],
    files: { "flags.json": shopBytes(eppoWriter, FLAG_COUNT) },
    lines: requestLines(),
  }),
  ({ value }) => JSON.stringify(value),
  ({ values = [] }) => {
    if (values.length !== SAMPLE_SIZE)
      return `${values.length} of ${SAMPLE_SIZE} lines have answers`;
    return new Set(values).size >= 10 ? null : "the flags give too few different answers";
  },
);

/** What moves between two configurations, by subjects. */
export const w21: Cell = cell(
  "diff",
  "W21",
  `one subject of \`sortition diff\` with ${COMPARED_FLAGS} flags`,
  () => ({
    args: ["diff", "old.json", "new.json", ...DIALECT, "--subjects", "-", "--json"],
    files: {
      "old.json": shopBytes(eppoWriter, COMPARED_FLAGS),
      "new.json": eppoWriter.bytes(shopFlags(eppoWriter, COMPARED_FLAGS).map(resalted)),
    },
    lines: subjectLines(),
  }),
  ({ movement }) => (movement as { readonly moved?: unknown } | null)?.moved,
  ({ values = [] }) =>
    values.some((it) => Number(it) > 0 && Number(it) < SAMPLE_SIZE) ? null : "nobody moves, or all",
);

/** Whether logged exposures are what the configuration says. */
export const w22: Cell = cell(
  "replay",
  "W22",
  "one event of `sortition replay`",
  () => ({
    args: ["replay", "-", ...DIALECT, "--config", "flags.json", "--json"],
    files: { "flags.json": shopBytes(eppoWriter, FLAG_COUNT) },
    lines: eventLines(),
  }),
  ({ counts }) => (counts as { readonly right?: unknown } | undefined)?.right ?? 0,
  ({ values = [] }) => {
    const right = values.reduce<number>((sum, it) => sum + Number(it), 0);
    return right === SAMPLE_SIZE ? null : `${right} of ${SAMPLE_SIZE} events are right`;
  },
);

function cell(
  id: keyof typeof LINES,
  name: string,
  title: string,
  prepare: () => CommandRun,
  answerOf: (line: Readonly<Record<string, unknown>>) => unknown,
  findFault: Cell["findFault"],
): Cell {
  const effort = (operations: number, rounds: number): Effort => {
    return { rounds, operations, warmUpOperations: 1 };
  };
  return {
    id: name,
    title: `${title}, of ${LINES[id].full.toLocaleString("en")}`,
    unit: "ns",
    participants: [
      {
        name: `sortition ${id}`,
        async prepare() {
          const run = prepare();
          const results = await runCommand(run, SAMPLE_SIZE, "pipe");
          const lines = results.trimEnd().split("\n");
          return {
            answers: { values: lines.map((line) => answerOf(JSON.parse(line))) },
            async run(operations) {
              await runCommand(run, operations, "ignore");
              return operations;
            },
          };
        },
      },
    ],
    effort: { full: effort(LINES[id].full, 5), quick: effort(LINES[id].quick, 2) },
    collectsGarbage: false,
    targets: [],
    findFault,
  };
}

/** A flag is asked for each subject; all flags are. */
function requests(): readonly (readonly [
  flag: EppoFlag,
  index: number,
  subjectKey: string,
  attributes: Attributes,
])[] {
  const flags = shopFlags(eppoWriter, FLAG_COUNT) as readonly EppoFlag[];
  return shortSubjectKeys(DISTINCT_LINES).map((subjectKey, i) => {
    const attributes = { country: "DE", appVersion: `${i % 9}.1.0` };
    return [flags[i % FLAG_COUNT] as EppoFlag, i % FLAG_COUNT, subjectKey, attributes]; // there are so many
  });
}

function requestLines(): readonly string[] {
  return requests().map(([{ key: flag, variationType }, , subjectKey, subjectAttributes]) =>
    lineOf({ flag, type: variationType.toLowerCase(), subjectKey, subjectAttributes }),
  );
}

function subjectLines(): readonly string[] {
  return requests().map(([, , subjectKey, subjectAttributes]) =>
    lineOf({ subjectKey, subjectAttributes }),
  );
}

/** Exposures as our client logs them. Subjects that a flag does not target have none. */
function eventLines(): readonly string[] {
  const lines: string[] = [];
  const flagsConfiguration = shopBytes(eppoWriter, FLAG_COUNT);
  const client = createClient({
    initialConfiguration: Configuration.from({ flagsConfiguration }),
    assignmentLogger: { logAssignment: (event) => void lines.push(lineOf(event)) },
  });
  for (const [{ key }, index, subjectKey, attributes] of requests()) {
    askTyped(client, index, key, subjectKey, attributes);
  }
  return lines;
}

function lineOf(row: object): string {
  return `${JSON.stringify(row)}\n`;
}

/** The same flag with another split: some subjects move. */
function resalted(flag: FlagBody): FlagBody {
  return JSON.parse(JSON.stringify(flag).replaceAll("-split", "-second-split"));
}
