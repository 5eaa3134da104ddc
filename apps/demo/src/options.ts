import { parseArgs } from "node:util";

/** Inputs of the demo. */
export interface DemoOptions {
  /** The user's own flag configuration; `null`: the shop's. */
  readonly config: string | null;
  /** The user's own subjects; `null`: the shop's visitors. */
  readonly subjects: string | null;
  /** Number of processes that share one configuration in Redis; `null`: the demo with one process. */
  readonly workers: number | null;
  /** Whether to run programs of all vendors behind a relay. */
  readonly usesRelay: boolean;
  /** Whether to keep the relay running afterwards. */
  readonly keepsRelay: boolean;
  readonly isHelp: boolean;
}

export const HELP: string = `Usage: npm run demo [-- --config FILE] [--subjects FILE]
       npm run demo -- --workers N
       npm run demo -- --relay [--keep]

  --config FILE     flag configuration (UFC) to serve instead of the example shop's
  --subjects FILE   subjects to assign, one per line: a key, or {"subjectKey": …, "subjectAttributes": {…}}
  --workers N       share one configuration in Redis between N processes, and cause faults
  --relay           run the vendors' SDKs behind one relay, even while the vendors are down
  --keep            keep the relay running until Ctrl-C, to try its pages

Exit codes: 0 everything was as expected; 1 something was not; 2 --workers found no redis-server
`;

const MAX_WORKERS = 64;

/** @throws if an option is unknown, or its value is missing or invalid. */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: "string" },
      subjects: { type: "string" },
      workers: { type: "string" },
      relay: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { config, help, keep, relay, subjects, workers } = values;
  if (workers !== undefined && (config !== undefined || subjects !== undefined)) {
    throw new Error("--workers cannot be combined with other options");
  }
  const others = [config, subjects, workers].filter((it) => it !== undefined);
  if (relay && others.length > 0) {
    throw new Error("--relay can only be combined with --keep");
  }
  if (keep && !relay) throw new Error("--keep needs --relay");
  return {
    config: config ?? null,
    subjects: subjects ?? null,
    workers: workers === undefined ? null : readWorkers(workers),
    usesRelay: relay,
    keepsRelay: keep,
    isHelp: help,
  };
}

function readWorkers(text: string): number {
  const workers = /^\d+$/.test(text) ? Number(text) : 0;
  if (workers >= 2 && workers <= MAX_WORKERS) return workers;
  throw new Error(`--workers: expected a number from 2 to ${MAX_WORKERS}`);
}
