import { parseArgs } from "node:util";
import { hasRedis } from "@sortition/test-kit/redis";
import { unknownName } from "../options.js";
import { formatRotation, rotateKey } from "./rotation.js";
import { type DrillPlan, drill, FAULTS, type Fault } from "./run-drill.js";
import { SDKS } from "./sdks.js";
import { explainDrill, formatDrill, slowestReturn } from "./table.js";

const HELP = `Runs every SDK against a vendor's server that fails, and @sortition/node also through a key rotation behind Redis.

npm run bench -- drill [options]
  --intervals N  how long each fault lasts, in poll intervals; default: 300
  --sdk NAME     only this SDK; can be repeated: ${SDKS.map(({ name }) => name).join(", ")}
  --help         this help

Prints a Markdown table. Exit code: 0; 1 if one of our packages loses a value, does not recover or does not exit; 2 invalid arguments.`;

const INTERVAL_MS = 100;
/** Number of intervals to wait for recovery, which is longer than our longest back-off. */
const RECOVERY_INTERVALS = 100;
const INTERVALS = 300;

/** Runs `drill` with its arguments. Returns the exit code. */
export async function drillCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (typeof options === "string") {
    console.error(`bench drill: ${options}`);
    return 2;
  }
  if (options.isHelp) {
    console.log(HELP);
    return 0;
  }
  const { sdks, intervals } = options;
  const plan = { intervalMs: INTERVAL_MS, intervals, recoveryIntervals: RECOVERY_INTERVALS };
  console.log(`${explainDrill(plan)}\n`);
  const results = [];
  // The processes mostly wait, so all processes of one fault run concurrently.
  for (const fault of Object.keys(FAULTS) as Fault[]) {
    console.error(
      `${fault}: ${Math.round((INTERVAL_MS * intervals) / 1_000)} s or a little more …`,
    );
    results.push(...(await Promise.all(sdks.map((sdk) => drill(sdk, fault, plan)))));
  }
  console.log(formatDrill(sdks, results));
  console.log(`\n${slowestReturn(results, plan)}`);
  const isBad = results.some(
    ({ exitMs, failure, faults, recoveryMs, sdk, wrong }) =>
      sdk.startsWith("@sortition/") &&
      (failure !== null || wrong > 0 || faults > 0 || recoveryMs === null || exitMs === null),
  );
  return isBad || (await isRotationBad(sdks, plan)) ? 1 : 0;
}

/** Rotates the key of our client behind Redis, and prints the result. */
async function isRotationBad(sdks: typeof SDKS, plan: DrillPlan): Promise<boolean> {
  if (!sdks.some(({ name }) => name === "@sortition/node")) return false;
  if (!hasRedis) {
    console.error("no redis-server: no key rotation");
    return false;
  }
  const result = await rotateKey(plan);
  console.log(`\n${formatRotation(result)}`);
  const { delivered, faults, logged, lost, missing, wrong } = result;
  return wrong + faults + missing + lost > 0 || delivered !== logged;
}

/** Returns the options, or a message about invalid arguments. */
function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h", default: false },
        intervals: { type: "string", default: String(INTERVALS) },
        sdk: { type: "string", multiple: true },
      },
    });
    const names = SDKS.map(({ name }) => name);
    const unknown = values.sdk?.find((name) => !names.includes(name));
    if (unknown !== undefined) return unknownName("SDK", unknown, names);
    const sdks = SDKS.filter(({ name }) => values.sdk?.includes(name) ?? true);
    const intervals = Number(values.intervals);
    if (!Number.isSafeInteger(intervals) || intervals < 1) {
      return "--intervals: expected a whole number above 0";
    }
    return { isHelp: values.help, sdks, intervals };
  } catch (cause) {
    return (cause as Error).message; // parseArgs throws errors
  }
}
