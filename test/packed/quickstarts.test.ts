import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { firstLineOf } from "../mistakes/program.ts";
import { type MistakeServers, startMistakeServers } from "../mistakes/servers.ts";
import { snippets } from "../snippets/snippet.ts";
import { makeProject } from "./project.ts";
import { run } from "./run.ts";

const consumer = inject("consumer");
const root = join(import.meta.dirname, "../..");

const CONTAINER = "unshare --user --map-root-user --pid --fork --kill-child --mount-proc".split(
  " ",
);
const hasContainers = spawnSync(CONTAINER[0]!, [...CONTAINER.slice(1), "true"]).status === 0;

/** The first program in a vendor package's README, and a user's changes to it. */
interface Quickstart {
  readonly vendor: string;
  /** Statement at the end of the program, which a server runs at SIGTERM. */
  readonly end: string;
  /** Replacements that add another address. */
  readonly given: readonly (readonly [text: string, withAddress: string])[];
  /** The vendor's server. */
  readonly host: string;
  /** Path of the events, or a pattern for stderr if the program's own logger writes them. */
  readonly events: string | RegExp;
}

const QUICKSTARTS: readonly Quickstart[] = [
  {
    vendor: "eppo",
    end: "await getInstance().close({ timeoutMs: 2_000 });",
    given: [["await init({", "await init({ baseUrl: ADDRESS,"]],
    host: "https://fscdn.eppo.cloud",
    events: /^user-1 checkout-all on$/m,
  },
  {
    vendor: "growthbook",
    end: "gb.destroy();",
    given: [['"https://cdn.growthbook.io"', "ADDRESS"]],
    host: "https://cdn.growthbook.io",
    events: /^greeting [01]$/m,
  },
  {
    vendor: "amplitude",
    end: "await experiment.stop({ timeoutMs: 2_000 });",
    given: [
      ['initializeLocal("server-deployment-key", {', "$& serverUrl: ADDRESS,"],
      ["exposureConfig: {", '$& serverUrl: ADDRESS + "/events",'],
    ],
    host: "https://api.lab.amplitude.com",
    events: "/ok/events",
  },
  {
    vendor: "posthog",
    end: "await client.shutdown();",
    given: [['new PostHog("phc_project", {', "$& host: ADDRESS,"]],
    host: "https://us.i.posthog.com",
    events: "/ok/batch/",
  },
];

/** Returns a server with a slow response, which ends the program at SIGTERM. */
const untilSigterm = (end: string): string => `
import { createServer } from "node:http";
const server = createServer((request, response) => {
  response.write("begun");
  setTimeout(() => response.end(" and ended"), 700);
});
server.listen(0, "127.0.0.1", () => console.log("listening on http://127.0.0.1:" + server.address().port));
process.once("SIGTERM", async () => {
  server.close();
  ${end}
  console.log("closed");
});`;

const KEYS = { EPPO_API_KEY: "key", GROWTHBOOK_CLIENT_KEY: "sdk-1" };

// Amplitude's uploads need its own library, which users install in addition.
const folder = makeProject(consumer, {});
const modules = join(folder, "node_modules");
for (const scope of ["@sortition", "@amplitude"])
  mkdirSync(join(modules, scope), { recursive: true });
cpSync(join(consumer, "node_modules/@sortition/amplitude"), join(modules, "@sortition/amplitude"), {
  recursive: true,
});
const uploads = "@amplitude/analytics-node";
symlinkSync(
  join(root, "packages/amplitude/node_modules", uploads),
  join(modules, uploads),
  "junction",
);

/**
 * Writes the program of a README, and returns its file.
 *
 * @param address - `null`: the vendor's address, as on the page.
 * @param runs - once, as on the page, or until SIGTERM.
 */
function fileOf(
  { end, given, vendor }: Quickstart,
  address: string | null,
  runs: "once" | "as a server" = "once",
): string {
  const snippet = snippets.find(
    ({ place, text }) =>
      place.startsWith(`packages/${vendor}/README.md`) && given.every(([it]) => text.includes(it)),
  );
  if (snippet === undefined) throw new Error(`the first program in ${vendor}'s README has changed`);
  const { text } = snippet;
  const addressed = given.reduce((program, [from, to]) => program.replace(from, to), text);
  const program = address === null ? text : addressed;
  const body = runs === "once" ? program : program.replace(end, "") + untilSigterm(end);
  const source = `const ADDRESS = ${JSON.stringify(address)};\n${body}`;
  const file = join(mkdtempSync(join(folder, `${vendor}-`)), "program.mjs");
  writeFileSync(file, transformSync(source, { loader: "ts" }).code);
  return file;
}

let servers: MistakeServers;
beforeAll(async () => {
  servers = await startMistakeServers();
});
afterAll(() => servers.close());

describe("the first program of a README, with the installed packages", () => {
  it.each(QUICKSTARTS)(
    "$vendor: as process 1, finishes its open response, delivers its events, and ends after SIGTERM",
    async (quickstart) => {
      const address = `${servers.places.BASE_URL}/ok`;
      const node = [process.execPath, fileOf(quickstart, address, "as a server")];
      const [command = "", ...args] = hasContainers ? [...CONTAINER, ...node] : node;
      const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...KEYS } });
      onTestFinished(() => void child.kill("SIGKILL"));
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      const ended = once(child, "close");
      await expect.poll(() => output, { timeout: 60_000 }).toContain("listening on ");
      const response = await fetch(/http:\/\/127\S+/.exec(output.split("listening on ")[1]!)![0]);
      // `unshare` waits for Node, and does not forward signals.
      const children = `/proc/${child.pid}/task/${child.pid}/children`;
      process.kill(hasContainers ? Number(readFileSync(children, "utf8")) : child.pid!, "SIGTERM");
      expect(await response.text()).toBe("begun and ended");
      expect(await ended, output).toEqual([0, null]);
      expect(output).toContain("closed");
      const { events } = quickstart;
      if (typeof events === "string") expect(servers.posted, output).toContain(events);
      else expect(output).toMatch(events);
    },
  );

  it.concurrent.each(QUICKSTARTS)(
    "$vendor: reports that a port does not speak TLS",
    async (quickstart) => {
      const address = `https://localhost:${servers.places.PLAIN_PORT}`;
      const line = await firstLine([process.execPath, fileOf(quickstart, address)]);
      expect(line).toContain(`${address} does not speak TLS`);
      expect(line).toContain("write http://");
    },
  );

  it.concurrent.each(QUICKSTARTS)(
    "$vendor: names a proxy in the environment variables that it does not use",
    async (quickstart) => {
      const address = "https://flags.invalid";
      const program = [process.execPath, fileOf(quickstart, address)];
      const line = await firstLine(program, { HTTPS_PROXY: "http://127.0.0.1:1" });
      expect(line).toContain(`from ${address} (E`);
      expect(line).toMatch(/HTTPS_PROXY is set but not used, (unless the option proxy|see https:)/);
    },
  );
});

describe.skipIf(!hasContainers)("the first program of a README, without network", () => {
  it.concurrent.each(QUICKSTARTS)("$vendor: asks whether the network is up", async (quickstart) => {
    const program = [process.execPath, fileOf(quickstart, null)];
    const line = await firstLine([...CONTAINER, "--net", ...program]);
    expect(line).toContain(`from ${quickstart.host} (E`);
    expect(line).toContain("is the network up?");
  });
});

async function firstLine(
  [command = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { stderr } = await run(command, args, { cwd: folder, env: { ...KEYS, ...env } });
  return firstLineOf(stderr);
}
