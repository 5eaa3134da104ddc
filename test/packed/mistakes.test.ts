import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { CREDENTIALS, SECRET } from "../mistakes/credentials.ts";
import { EACH_PACKAGE } from "../mistakes/each-package.ts";
import { FIRST_STEPS } from "../mistakes/first-steps.ts";
import { LOOK_ALIKES } from "../mistakes/look-alikes.ts";
import { OTHER_NAMES } from "../mistakes/other-names.ts";
import { expectWayOut, stderrOf } from "../mistakes/program.ts";
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
const command = join(consumer, "node_modules/@sortition/cli/dist/main.js");
const files = {
  EPPO_FILE: "@sortition/eppo",
  MAIN_FILE: pathToFileURL(command).href,
};

let servers: MistakeServers;
beforeAll(async () => {
  servers = await startMistakeServers();
});
afterAll(() => servers.close());

describe("with the installed packages, the first line of stderr names a mistake and a solution", () => {
  it.concurrent.each([...FIRST_STEPS, ...EACH_PACKAGE, ...LOOK_ALIKES, ...OTHER_NAMES])(
    "$mistake",
    async (mistake) => {
      const places = { ...servers.places, ...files };
      const stderr = await stderrOf(mistake, places, folder);
      expectWayOut(mistake, stderr, places);
    },
  );
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
