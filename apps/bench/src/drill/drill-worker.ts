// A process of the drill: one SDK, asked for a flag at each interval, whatever its server does.
import type { DrillMessage, DrillRequest } from "./protocol.js";
import { SDKS } from "./sdks.js";

const [name = "", baseUrl = "", interval = ""] = process.argv.slice(2);
const intervalMs = Number(interval);
let faults = 0;
process.on("unhandledRejection", () => {
  faults += 1;
});
process.on("uncaughtException", () => {
  faults += 1;
});

function say(message: DrillMessage): void {
  process.send?.(message);
}

async function run(): Promise<void> {
  const sdk = SDKS.find((it) => it.name === name);
  if (sdk === undefined) throw new Error(`no SDK ${name}`);
  const client = await sdk.start(baseUrl, intervalMs);
  let version: number | null = null;
  let looks = 0;
  let wrong = 0;
  const look = async (): Promise<void> => {
    version = await client.answer();
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
      const { heapUsed } = process.memoryUsage();
      say({ kind: "report", version, looks, wrong, faults, heapBytes: heapUsed });
      looks = 0;
      wrong = 0;
      return;
    }
    clearInterval(timer);
    say({ kind: "closing" });
    await client.close();
    // From here on nothing but the SDK can keep this process alive.
    process.disconnect();
  });
  say({ kind: "ready", version });
}

run().catch((error: unknown) => say({ kind: "failed", message: String(error) }));
