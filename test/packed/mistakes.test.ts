import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { CONNECTIONS_AND_COMMANDS } from "../mistakes/connections-and-commands.ts";
import { CREDENTIALS, SECRET } from "../mistakes/credentials.ts";
import { EACH_PACKAGE } from "../mistakes/each-package.ts";
import { FIRST_STEPS } from "../mistakes/first-steps.ts";
import { LOOK_ALIKES, REPORTED_ONCE } from "../mistakes/look-alikes.ts";
import { OTHER_NAMES } from "../mistakes/other-names.ts";
import { expectWayOut, shownLine, stderrOf } from "../mistakes/program.ts";
import { type MistakeServers, startMistakeServers } from "../mistakes/servers.ts";
import { makeProject } from "./project.ts";

const consumer = inject("consumer");
const folder = makeProject(
  consumer,
  {},
  {
    "flags.json": readFileSync(join(import.meta.dirname, "../../apps/examples/flags.json"), "utf8"),
  },
);
const GZIP_FILE = join(folder, "flags.json.gz");
writeFileSync(GZIP_FILE, gzipSync("{}"));
const command = join(consumer, "node_modules/@sortition/cli/dist/main.js");
const files = {
  GZIP_FILE,
  EPPO_FILE: "@sortition/eppo",
  MAIN_FILE: pathToFileURL(command).href,
};

let servers: MistakeServers;
beforeAll(async () => {
  servers = await startMistakeServers();
});
afterAll(() => servers.close());

const MISTAKES = [
  ...[...FIRST_STEPS, ...CONNECTIONS_AND_COMMANDS, ...EACH_PACKAGE, ...LOOK_ALIKES],
  ...OTHER_NAMES,
];
/** First lines by mistake. */
const lines = new Map<string, string>();

describe("with the installed packages, the first line of stderr names a mistake and a solution", () => {
  it.concurrent.each(MISTAKES)("$mistake", async (mistake) => {
    const places = { ...servers.places, ...files };
    const stderr = await stderrOf(mistake, places, folder);
    lines.set(mistake.mistake, shownLine(stderr, { ...places, FOLDER: folder }));
    expectWayOut(mistake, stderr, places);
  });

  it.concurrent.each(REPORTED_ONCE)("reports once: $mistake", async (mistake) => {
    const stderr = await stderrOf(mistake, { ...servers.places, ...files }, folder);
    expect(stderr.split(mistake.wayOut)).toHaveLength(2);
  });

  it("covers at least seventy further mistakes", () => {
    expect(CONNECTIONS_AND_COMMANDS.length).toBeGreaterThanOrEqual(40);
    expect(EACH_PACKAGE.length).toBeGreaterThanOrEqual(30);
  });
});

describe("the first lines", () => {
  it("are those of the reviewed file", async () => {
    const names = [...new Set(MISTAKES.map(({ mistake }) => mistake))];
    const text = names.map((name) => `${name}\n    ${lines.get(name)}\n`).join("");
    await expect(text).toMatchFileSnapshot("../mistakes/first-lines.txt");
  });
});

describe("messages and the status of clients", () => {
  it("hide the credentials of a proxy, of Redis and of an endpoint", async () => {
    const program = { mistake: "credentials", program: CREDENTIALS, names: "", wayOut: "" };
    const stderr = await stderrOf(program, servers.places, folder);
    expect(stderr).toContain("http://127.0.0.1:1");
    expect(stderr).toContain("SORTITION_REDIS_UNREACHABLE");
    expect(stderr).not.toContain(SECRET);
  });
});
