import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./markdown.js";
import { stderrOf } from "./mistakes/program.js";
import { type MistakeServers, startMistakeServers } from "./mistakes/servers.js";
import { ASKING, FAULTS, unreachableProgram } from "./mistakes/unreachable.js";

const EPPO_FILE = pathToFileURL(join(root, "packages/eppo/dist/index.js")).href;

let servers: MistakeServers;
beforeAll(async () => {
  servers = await startMistakeServers();
});
afterAll(() => servers.close());

/** Matches messages that ask a question or propose an action. */
const WAY_OUT =
  /\?|write http:|give that address|ask less often|has an extra path or lacks one|a fault of the server/;

describe("whatever is wrong with the server, the first line of stderr names the host and a solution", () => {
  it.concurrent.each(ASKING)("$client", async (asking) => {
    const addresses = Object.fromEntries(FAULTS.map((it) => [it, addressOf(it)]));
    const program = unreachableProgram(asking, addresses);
    const places = { ...servers.places, EPPO_FILE };
    const stderr = await stderrOf({ mistake: "", program, names: "", wayOut: "" }, places);
    const said = new Map(
      stderr.split("@@ ").map((it) => it.split("\n", 2) as [string, string | undefined]),
    );
    for (const fault of FAULTS.filter((it) => !asking.silent?.includes(it))) {
      expect(said.get(fault), fault).toContain(new URL(addresses[fault] ?? "").origin);
      expect(said.get(fault), fault).toMatch(WAY_OUT);
    }
  });
});

function addressOf(fault: (typeof FAULTS)[number]): string {
  const { BASE_URL, PLAIN_PORT, TLS_PORT } = servers.places;
  if (fault === "refused") return "http://127.0.0.1:1";
  if (fault === "unknown") return "https://flags.invalid";
  if (fault === "no-tls") return `https://localhost:${PLAIN_PORT}`;
  return fault === "certificate" ? `https://localhost:${TLS_PORT}` : `${BASE_URL}/${fault}`;
}
