import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { FIRST_TRIAL } from "../mistakes/first-trial.ts";
import { MORE_MISTAKES } from "../mistakes/more.ts";
import { expectWayOut, stderrOf } from "../mistakes/program.ts";
import { SECOND_TRIAL } from "../mistakes/second-trial.ts";
import { type MistakeServers, startMistakeServers } from "../mistakes/servers.ts";
import { REPORTED_ONCE, THIRD_TRIAL } from "../mistakes/third-trial.ts";
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

describe("with the installed packages, the first line of stderr names a mistake and a solution", () => {
  it.concurrent.each([...FIRST_TRIAL, ...MORE_MISTAKES, ...SECOND_TRIAL, ...THIRD_TRIAL])(
    "$mistake",
    async (mistake) => {
      const places = { ...servers.places, ...files };
      expectWayOut(mistake, await stderrOf(mistake, places, folder), places);
    },
  );

  it.concurrent.each(REPORTED_ONCE)("reports once: $mistake", async (mistake) => {
    const stderr = await stderrOf(mistake, { ...servers.places, ...files }, folder);
    expect(stderr.split(mistake.wayOut)).toHaveLength(2);
  });

  it("covers at least eighty further mistakes", () => {
    expect(MORE_MISTAKES.length).toBeGreaterThanOrEqual(40);
    expect(SECOND_TRIAL.length).toBeGreaterThanOrEqual(40);
  });
});
