import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createPlain, type Server } from "node:http";
import { createServer as createSecure } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { selfSignedCertificate } from "../packages/test-kit/src/index.js";
import { root } from "./markdown.js";
import { MORE_MISTAKES } from "./mistakes/more.js";
import { firstLineOf, namesAPlace, stderrOf, withPlaces } from "./mistakes/program.js";
import { SECOND_TRIAL } from "./mistakes/second-trial.js";
import { ASKING, FAULTS, unreachableProgram } from "./mistakes/unreachable.js";
import { answerOf } from "./mistakes/vendor-answers.js";

const MAX_BYTES = 500;
/** What arrives of an answer of any vendor's that was cut short. */
const HALF = '{"flags":[{"key":';
const folder = mkdtempSync(join(tmpdir(), "sortition-mistakes-"));
const servers: Server[] = [];
const places: Record<string, string> = {
  GZIP_FILE: join(folder, "flags.json.gz"),
  EPPO_FILE: pathToFileURL(join(root, "packages/eppo/dist/index.js")).href,
  MAIN_FILE: pathToFileURL(join(root, "packages/cli/dist/main.js")).href,
};

beforeAll(async () => {
  writeFileSync(join(folder, "flags.json.gz"), gzipSync("{}"));
  const plain = createPlain(({ url = "" }, response) => {
    const [, first = ""] = url.split("/");
    if (first === "hang") return;
    if (first === "html") response.end("<!doctype html><p>Log in");
    else if (first === "empty") response.end();
    else if (first === "half") response.end(HALF);
    else if (first === "cut") {
      response.writeHead(200, { "content-length": 99 }).write(HALF, () => response.destroy());
    } else if (first === "reset") response.destroy();
    else if (first === "moved") response.writeHead(302, { location: "http://127.0.0.1:9/" }).end();
    else if (/^\d+$/.test(first)) response.writeHead(Number(first)).end();
    else if (url.startsWith("/none/")) response.end("[]");
    else if (url.startsWith("/ok/")) response.end(JSON.stringify(answerOf(url)));
    else response.writeHead(404).end();
  });
  const secure = createSecure(selfSignedCertificate(), (_, response) => void response.end("{}"));
  servers.push(plain, secure);
  await Promise.all(servers.map((it) => once(it.listen(0, "127.0.0.1"), "listening")));
  const [plainPort, tlsPort] = servers.map((it) => (it.address() as AddressInfo).port);
  Object.assign(places, {
    BASE_URL: `http://127.0.0.1:${plainPort}`,
    PLAIN_PORT: `${plainPort}`,
    TLS_PORT: `${tlsPort}`,
  });
});

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe("the first line of stderr names a further mistake, and the way out", () => {
  it.each([...MORE_MISTAKES, ...SECOND_TRIAL])("$mistake", async (mistake) => {
    const line = firstLineOf(await stderrOf(mistake, places));
    expect(line).toContain(withPlaces(mistake.names, places));
    expect(line).toContain(mistake.wayOut);
    expect(namesAPlace(line), line).toBe(true);
    expect(mistake.wayOut).not.toBe("");
    expect(Buffer.byteLength(line)).toBeLessThan(MAX_BYTES);
  });

  it("for forty mistakes or more in each trial", () => {
    expect(MORE_MISTAKES.length).toBeGreaterThanOrEqual(40);
    expect(SECOND_TRIAL.length).toBeGreaterThanOrEqual(40);
  });
});

/** Asks whether something is right, or says what to do. */
const WAY_OUT =
  /\?|write http:|give that address|ask less often|too many or too few|a fault of the server/;

describe("the first line of stderr names the host and the way out, whatever is wrong with the server", () => {
  it.each(ASKING)("$client", async ({ ask, silent = [] }) => {
    const addresses = Object.fromEntries(FAULTS.map((it) => [it, addressOf(it)]));
    const program = unreachableProgram(ask, addresses);
    const stderr = await stderrOf({ mistake: "", program, names: "", wayOut: "" }, places);
    const said = new Map(
      stderr.split("@@ ").map((it) => it.split("\n", 2) as [string, string | undefined]),
    );
    for (const fault of FAULTS.filter((it) => !silent.includes(it))) {
      expect(said.get(fault), fault).toContain(new URL(addresses[fault] ?? "").origin);
      expect(said.get(fault), fault).toMatch(WAY_OUT);
    }
  });
});

function addressOf(fault: (typeof FAULTS)[number]): string {
  const { BASE_URL, PLAIN_PORT, TLS_PORT } = places;
  if (fault === "refused") return "http://127.0.0.1:1";
  if (fault === "unknown") return "https://flags.invalid";
  if (fault === "no-tls") return `https://localhost:${PLAIN_PORT}`;
  return fault === "certificate" ? `https://localhost:${TLS_PORT}` : `${BASE_URL}/${fault}`;
}
