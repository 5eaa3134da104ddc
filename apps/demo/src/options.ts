import { parseArgs } from "node:util";

/** Inputs of the demo. */
export interface DemoOptions {
  /** The user's own flag configuration; `null`: the shop's. */
  readonly config: string | null;
  /** The user's own subjects; `null`: the shop's visitors. */
  readonly subjects: string | null;
  /** How many processes share one configuration in Redis; `null`: the demo of one process. */
  readonly workers: number | null;
  /** The vendor whose SDK is compared with ours; `null`: the demo of the native client. */
  readonly dialect: DemoDialect | null;
  /** Whether programs of all vendors ask a relay, in place of the comparison. */
  readonly usesRelay: boolean;
  /** Whether the relay keeps running afterwards. */
  readonly keepsRelay: boolean;
  /** Whether a change is followed as a stream sends it, in place of the comparison. */
  readonly streams: boolean;
  readonly isHelp: boolean;
}

/** What `--dialect` can name. */
export type DemoDialect = "amplitude" | "growthbook" | "posthog";

const DIALECTS: readonly string[] = [
  ...(["amplitude", "growthbook", "posthog"] satisfies readonly DemoDialect[]),
];

export const HELP: string = `Usage: npm run demo [-- --config FILE] [--subjects FILE]
       npm run demo -- --workers N
       npm run demo -- --dialect amplitude|growthbook|posthog
       npm run demo -- --dialect growthbook --stream
       npm run demo -- --relay [--keep]

  --config FILE     flag configuration (UFC) to serve instead of the example shop's
  --subjects FILE   subjects to assign, one a line: a key, or {"subjectKey": …, "subjectAttributes": {…}}
  --workers N       N processes share one configuration in a Redis of their own, through faults
  --dialect NAME    the shop in a vendor's format, evaluated by its SDK and by ours
  --stream          changes of the shop, and how soon a client that streams serves each
  --relay           programs of four vendors ask one relay, also while the vendors are away
  --keep            keep the relay of --relay running until Ctrl-C, to try its page

Exit codes: 0 everything was as expected, 1 it was not, 2 --workers without a redis-server
`;

const MAX_WORKERS = 64;

/** @throws if an option is unknown, lacks its value or has a bad one. */
export function readOptions(args: readonly string[]): DemoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: "string" },
      subjects: { type: "string" },
      workers: { type: "string" },
      dialect: { type: "string" },
      stream: { type: "boolean", default: false },
      relay: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { config, dialect, help, keep, relay, stream, subjects, workers } = values;
  if (workers !== undefined && (config !== undefined || subjects !== undefined)) {
    throw new Error("--workers goes with no other option");
  }
  if (dialect !== undefined && !DIALECTS.includes(dialect)) {
    throw new Error(`--dialect: expected one of ${DIALECTS.join(", ")}`);
  }
  const others = [config, subjects, workers].filter((it) => it !== undefined);
  if (dialect !== undefined && others.length > 0) {
    throw new Error("--dialect goes with no other option but --stream");
  }
  if (relay && (dialect !== undefined || others.length > 0)) {
    throw new Error("--relay goes with no other option but --keep");
  }
  if (keep && !relay) throw new Error("--keep needs --relay");
  if (stream && dialect !== "growthbook") throw new Error("--stream needs --dialect growthbook");
  return {
    config: config ?? null,
    subjects: subjects ?? null,
    workers: workers === undefined ? null : readWorkers(workers),
    dialect: dialect === undefined ? null : (dialect as DemoDialect), // it is in the list
    usesRelay: relay,
    keepsRelay: keep,
    streams: stream,
    isHelp: help,
  };
}

function readWorkers(text: string): number {
  const workers = /^\d+$/.test(text) ? Number(text) : 0;
  if (workers >= 2 && workers <= MAX_WORKERS) return workers;
  throw new Error(`--workers: expected a number from 2 to ${MAX_WORKERS}`);
}
