import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type Start, targetsOf, type Vendor } from "../dialects/vendor.js";
import type { Parts } from "../process/time-start.js";
import { type Cell, cellOf, effortOf, type Participant, type Reading } from "./cell.js";

export const EMPTY_MODULE = "floor: an empty module";
export const startingEmpty: Participant = starting(EMPTY_MODULE, { entry: "imports/empty.js" });

const TIMEOUT_MS = 30_000;

/** Creates a cell of process starts. Each start checks its result. */
export function startingCell(cell: Parameters<typeof cellOf>[0]): Cell {
  return cellOf({ effort: effortOf([40, 1, 1], [6, 1, 1]), ...cell });
}

export interface StartedModule {
  /** Path of the built module below `dist/`. */
  readonly entry: string;
  readonly args?: readonly string[];
  /** Starts a server, whose URL is the last argument. */
  readonly serve?: () => Promise<string>;
}

/** Creates the cells of starts with a vendor's SDKs, until the first evaluation with an initial configuration. */
export function startsOf(vendor: Vendor): readonly Cell[] {
  const { starts = [], timesItself = false } = vendor;
  if (starts.length === 0) return [];
  const cell = (
    id: string,
    title: string,
    participantOf: (name: string, module: StartedModule) => Participant,
    ...beside: readonly Participant[]
  ): Cell =>
    startingCell({
      ...{ id, title },
      participants: [
        ...starts.map((it) => participantOf(it.name, moduleOf(vendor, it))),
        ...beside,
      ],
      targets: targetsOf(vendor, vendor.rows?.[id] ?? {}),
    });
  const title = "cold start: import, init with given flags, first evaluation";
  const ofProcess = (id: string, title: string): Cell => cell(id, title, starting, startingEmpty);
  return [
    ...(timesItself
      ? [
          cell("W9", title, timingItself),
          ofProcess("W9-process", "W9 as a whole process, from start to end"),
        ]
      : [ofProcess("W9", title)]),
    cell(
      "W9-cold",
      "parts of a start after the import: load, create, first evaluation",
      timingParts,
    ),
  ];
}

export function moduleOf({ name: dialect }: Vendor, { name, serve }: Start): StartedModule {
  const entry = `dialects/${dialect}/imports/start.js`;
  return { entry, args: [name], ...(serve === undefined ? {} : { serve }) };
}

/**
 * Creates a participant whose module measures parts of its own process, which is a new one for each operation. The module
 * writes the {@link Parts} to stdout.
 *
 * @param counts - whether a part is included; default: all are.
 */
export function timingItself(
  name: string,
  module: StartedModule,
  counts: (part: string) => boolean = () => true,
): Participant {
  return starting(name, module, (parts) => ({ figure: sumOf(parts, counts) }));
}

/** Creates a participant that excludes the import, with a row for each part. */
function timingParts(name: string, module: StartedModule): Participant {
  return starting(name, module, (parts) => {
    const rows = Object.entries(parts).filter(([part]) => isAfterImport(part));
    const also = Object.fromEntries(rows.map(([part, ns]) => [`${name}: ${part}`, ns]));
    return { figure: sumOf(parts, isAfterImport), also };
  });
}

export function isAfterImport(part: string): boolean {
  return part !== "import";
}

/**
 * Creates a participant that runs one module in a process.
 *
 * @param figuresOf - reads the figures from the module's output. Default: the duration of the process.
 */
export function starting(
  name: string,
  { args = [], entry, serve }: StartedModule,
  figuresOf?: (parts: Parts) => Omit<Reading, "checksum">,
): Participant {
  return {
    name,
    async prepare() {
      const file = join(import.meta.dirname, entry); // in `dist/`, from which all cells run: they are in one file
      const all = serve === undefined ? args : [...args, await serve()];
      return {
        answers: {},
        run(operations) {
          let written = "";
          for (let i = 0; i < operations; i++) written = start(file, all);
          if (figuresOf === undefined) return operations;
          // Uses the last operation, because these cells have one per round.
          const figures = figuresOf(JSON.parse(written));
          if (!(figures.figure > 0)) throw new Error(`${entry} did not write a figure`);
          return { ...figures, checksum: operations };
        },
      };
    },
  };
}

function sumOf(parts: Parts, counts: (part: string) => boolean): number {
  return Object.entries(parts).reduce((sum, [part, ns]) => sum + (counts(part) ? ns : 0), 0);
}

/**
 * Runs a file in its own process.
 *
 * @returns the content of stdout.
 * @throws Error if the process does not exit with 0, for example because of a failed import or a wrong value.
 */
export function start(file: string, args: readonly string[]): string {
  const { status, error, stdout } = spawnSync(process.execPath, [file, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    timeout: TIMEOUT_MS,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${file} ended with ${status}`);
  return stdout.toString();
}
