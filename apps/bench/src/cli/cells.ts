import { Configuration, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { type Cell, cellOf, effortOf, type Participant, type Reading } from "../cells/cell.js";
import { limit, speedUp } from "../cells/target.js";
import { type EppoFlag, eppoWriter } from "../dialects/eppo/writer.js";
import { typedBy } from "../dialects/native.js";
import { type FlagBody, shopBytes, shopFlags } from "../dialects/writer.js";
import { shortSubjectKeys } from "../workload/subjects.js";
import { type CommandRun, type CommandSpent, runCommand } from "./command.js";

const FLAG_COUNT = 100;
const COMPARED_FLAGS = 20;
/** Lines that differ; a longer input repeats them. */
const DISTINCT_LINES = 10_000;
/** Lines of a full run: of one line of a million, microseconds are the seconds of all. */
const LINES = 1_000_000;
const SAMPLE_SIZE = 1_000;
const DIALECT = ["--dialect", "eppo"];
const ONE = "sortition, one thread";
const TWO = "sortition, two threads";

interface Workload {
  readonly prepare: () => CommandRun;
  readonly answerOf: (line: Readonly<Record<string, unknown>>) => unknown;
  readonly findFault: Cell["findFault"];
  readonly quickLines: number;
}

const EVALUATE: Workload = {
  prepare: () => ({
    args: ["evaluate", ...DIALECT, "--config", "flags.json"],
    files: { "flags.json": shopBytes(eppoWriter, FLAG_COUNT) },
    lines: requestLines(),
  }),
  answerOf: ({ value }) => JSON.stringify(value),
  findFault({ values = [] }) {
    if (values.length !== SAMPLE_SIZE)
      return `${values.length} of ${SAMPLE_SIZE} lines have answers`;
    return new Set(values).size >= 10 ? null : "the flags give too few different answers";
  },
  quickLines: 20_000,
};

const DIFF: Workload = {
  prepare: () => ({
    args: ["diff", "old.json", "new.json", ...DIALECT, "--subjects", "-", "--json"],
    files: {
      "old.json": shopBytes(eppoWriter, COMPARED_FLAGS),
      "new.json": eppoWriter.bytes(shopFlags(eppoWriter, COMPARED_FLAGS).map(resalted)),
    },
    lines: subjectLines(),
  }),
  answerOf: ({ movement }) => (movement as { readonly moved?: unknown } | null)?.moved,
  findFault: ({ values = [] }) =>
    values.some((it) => Number(it) > 0 && Number(it) < SAMPLE_SIZE) ? null : "nobody moves, or all",
  quickLines: 5_000,
};

const REPLAY: Workload = {
  prepare: () => ({
    args: ["replay", "-", ...DIALECT, "--config", "flags.json", "--json"],
    files: { "flags.json": shopBytes(eppoWriter, FLAG_COUNT) },
    lines: eventLines(),
  }),
  answerOf: ({ counts }) => (counts as { readonly right?: unknown } | undefined)?.right ?? 0,
  findFault({ values = [] }) {
    const right = values.reduce<number>((sum, it) => sum + Number(it), 0);
    return right === SAMPLE_SIZE ? null : `${right} of ${SAMPLE_SIZE} events are right`;
  },
  quickLines: 10_000,
};

/** The command over a long file of requests, from the start of its process to its end. */
export const evaluate: Cell = cell(EVALUATE, 5, {
  id: "evaluate",
  title: "one line of `sortition evaluate`, of 1,000,000",
  participants: [
    participant("sortition evaluate", EVALUATE, [], (_, nsPerLine) => ({ figure: nsPerLine })),
  ],
});

/** Cells of `sortition diff`: time per subject, and the memory of the process. */
export const diff: readonly Cell[] = threadedCells(DIFF, "W21", {
  title: `one subject of \`sortition diff\` with ${COMPARED_FLAGS} flags, of 1,000,000`,
  targets: [limit(TWO, 30_000)],
});

/** Cells of `sortition replay`: time per exposure, and the memory of the process. */
export const replay: readonly Cell[] = threadedCells(REPLAY, "W22", {
  title: "one event of `sortition replay`, of 1,000,000",
  // 100,000 events a second and core.
  targets: [limit(`${ONE}, processor time`, 10_000)],
});

/** A cell of the times on one thread and on two, and one of the memory. */
function threadedCells(
  workload: Workload,
  id: string,
  { targets, title }: Pick<Cell, "title" | "targets">,
): readonly Cell[] {
  const threaded = (readingOf: (name: string) => ReadingOf): readonly Participant[] =>
    [ONE, TWO].map((name, i) =>
      participant(name, workload, ["--threads", `${i + 1}`], readingOf(name)),
    );
  return [
    cell(workload, 3, {
      ...{ id, title },
      participants: threaded((name) => ({ processorNs }, nsPerLine, lines) => ({
        figure: nsPerLine,
        also: { [`${name}, processor time`]: processorNs / lines },
      })),
      targets: [speedUp(TWO, ONE, 1.7), ...targets],
    }),
    cell(workload, 1, {
      id: `${id}-memory`,
      title: `peak memory of the process, ${title}`,
      unit: "bytes",
      participants: threaded(() => ({ peakBytes }) => ({ figure: peakBytes })),
      targets: [limit(TWO, 300_000_000)],
    }),
  ];
}

/** A cell of a command over many lines. */
function cell(
  { findFault, quickLines }: Workload,
  rounds: number,
  named: Parameters<typeof cellOf>[0],
): Cell {
  const effort = effortOf([rounds, LINES, 1], [Math.min(rounds, 2), quickLines, 1]);
  return cellOf({ ...named, effort, findFault });
}

/** Figures of a run over so many lines. */
type ReadingOf = (
  spent: CommandSpent,
  nsPerLine: number,
  lines: number,
) => Omit<Reading, "checksum">;

function participant(
  name: string,
  { answerOf, prepare }: Workload,
  moreArgs: readonly string[],
  readingOf: ReadingOf,
): Participant {
  return {
    name,
    async prepare() {
      const run = prepare();
      const measured = { ...run, args: [...run.args, ...moreArgs] };
      const { output } = await runCommand(measured, SAMPLE_SIZE, "pipe");
      const lines = output.trimEnd().split("\n");
      return {
        answers: { values: lines.map((line) => answerOf(JSON.parse(line))) },
        async run(operations) {
          const startedAtMs = performance.now();
          const { spent } = await runCommand(measured, operations, "ignore");
          const elapsedNs = 1e6 * (performance.now() - startedAtMs);
          return { ...readingOf(spent, elapsedNs / operations, operations), checksum: operations };
        },
      };
    },
  };
}

/** A flag is asked for each subject; all flags are. */
function requests() {
  const flags = shopFlags(eppoWriter, FLAG_COUNT) as readonly EppoFlag[];
  return shortSubjectKeys(DISTINCT_LINES).map((subjectKey, i) => {
    const index = i % FLAG_COUNT;
    const subject = {
      subjectKey,
      subjectAttributes: { country: "DE", appVersion: `${i % 9}.1.0` },
    };
    return { flag: flags[index] as EppoFlag, index, subject }; // there are so many
  });
}

function requestLines(): readonly string[] {
  return requests().map(({ flag: { key: flag, variationType }, subject }) =>
    lineOf({ flag, type: variationType.toLowerCase(), ...subject }),
  );
}

function subjectLines(): readonly string[] {
  return requests().map(({ subject }) => lineOf(subject));
}

/** Exposures as our client logs them. Subjects that a flag does not target have none. */
function eventLines(): readonly string[] {
  const lines: string[] = [];
  const flagsConfiguration = shopBytes(eppoWriter, FLAG_COUNT);
  const client = createClient({
    dialect: eppo(),
    initialConfiguration: Configuration.from({
      dialect: eppo(),
      payloads: { flags: flagsConfiguration },
    }),
    assignmentLogger: { logAssignment: (event) => void lines.push(lineOf(event)) },
  });
  const ask = typedBy(client);
  for (const { flag, index, subject } of requests()) {
    ask(flag.key, { key: subject.subjectKey, attributes: subject.subjectAttributes }, index);
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
