// A process of the drill. One SDK evaluates a flag in each interval while its server fails.
import { visitorsOf, withoutDefault } from "../cells/evaluations.js";
import { MARKER } from "../dialects/writer.js";
import type { DrillMessage, DrillRequest } from "./protocol.js";
import { SDKS } from "./sdks.js";

const [name = "", baseUrl = "", interval = ""] = process.argv.slice(2);
const intervalMs = Number(interval);
/** Request timeout, for SDKs that have such an option. */
const REQUEST_TIMEOUT_MS = 1_000;
let faults = 0;
for (const event of ["unhandledRejection", "uncaughtException"]) {
  process.on(event, () => {
    faults += 1;
  });
}

function say(message: DrillMessage): void {
  process.send?.(message);
}

async function run(): Promise<void> {
  const sdk = SDKS.find((it) => it.name === name);
  if (sdk === undefined) throw new Error(`no SDK ${name}`);
  const { peer, vendor } = sdk;
  const pace = { intervalMs, requestTimeoutMs: REQUEST_TIMEOUT_MS };
  const client = await peer.follow(baseUrl, { pace });
  const [visitor] = visitorsOf(vendor, ["subject"]);
  let version: number | null = null;
  let looks = 0;
  let wrong = 0;
  const look = async (): Promise<void> => {
    const value = withoutDefault(await client.string(MARKER, visitor!)); // the list is not empty
    version = typeof value === "string" ? Number(value) : null;
    looks += 1;
    if (version === null) wrong += 1;
  };
  await look();
  const timer = setInterval(() => {
    look().catch(() => {
      looks += 1;
      wrong += 1;
    });
  }, intervalMs);
  process.on("message", async (request: DrillRequest) => {
    if (request === "report") {
      say({ kind: "report", version, looks, wrong, faults });
      looks = 0;
      wrong = 0;
      return;
    }
    clearInterval(timer);
    say({ kind: "closing" });
    await client.close?.();
    // From now on, only the SDK can keep this process alive.
    process.disconnect();
  });
  say({ kind: "ready", version });
}

run().catch((error: unknown) => say({ kind: "failed", message: String(error) }));
