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
import { firstLineOf, stderrOf, withPlaces } from "./mistakes/program.js";
import { SECOND_TRIAL } from "./mistakes/second-trial.js";
import { answerOf } from "./mistakes/vendor-answers.js";

const MAX_BYTES = 500;
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
    if (url.startsWith("/html")) response.end("<!doctype html><p>Log in");
    else if (url.startsWith("/401")) response.writeHead(401).end();
    else if (url.startsWith("/503")) response.writeHead(503).end();
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
    expect(Buffer.byteLength(line)).toBeLessThan(MAX_BYTES);
  });

  it("for forty mistakes or more in each trial", () => {
    expect(MORE_MISTAKES.length).toBeGreaterThanOrEqual(40);
    expect(SECOND_TRIAL.length).toBeGreaterThanOrEqual(40);
  });
});
