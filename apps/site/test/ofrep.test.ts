import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Browser, chromium, launchChromium } from "./browser.ts";
import { startRelay } from "./relay-process.ts";

const example = join(import.meta.dirname, "../../examples/src/relay/browser.ts");
const TOKEN = "srt_page";

/** Creates an Eppo configuration with one flag that has this value for all subjects. */
function config(value: string): string {
  const checkout = {
    key: "checkout",
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { fast: { key: "fast", value: "fast" }, slow: { key: "slow", value: "slow" } },
    allocations: [{ key: "all", doLog: true, splits: [{ variationKey: value, shards: [] }] }],
  };
  return JSON.stringify({
    createdAt: "2026-01-05T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: { checkout },
  });
}

describe.skipIf(chromium === "")("a web page of another origin, in Chromium", () => {
  const folder = mkdtempSync(join(tmpdir(), "sortition-ofrep-"));
  const flags = join(folder, "flags.json");
  const events = join(folder, "exposures.ndjson");
  let browser: Browser;
  let relay: ChildProcess;
  let shop: Server;
  let [origin, url] = ["", ""];

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [example],
      bundle: true,
      write: false,
      format: "iife",
      globalName: "example",
    });
    const script = outputFiles[0]?.text ?? "";
    shop = createServer((request, response) => {
      if (request.url === "/script.js") {
        response.writeHead(200, { "content-type": "text/javascript" }).end(script);
        return;
      }
      const start = `example.showCheckout("${url}/shop", "${TOKEN}", "user-1");`;
      const html = `<!doctype html><link rel="icon" href="data:,"><body></body><script src="/script.js"></script><script>${start}</script>`;
      response.writeHead(200, { "content-type": "text/html" }).end(html);
    });
    shop.listen(0, "127.0.0.1");
    await once(shop, "listening");
    const { port } = shop.address() as AddressInfo; // an object, because it listens on a TCP port
    // The host name differs from the relay's.
    origin = `http://localhost:${port}`;
    writeFileSync(flags, config("slow"));
    const sha256 = createHash("sha256").update(TOKEN).digest("hex");
    const started = await startRelay(folder, {
      name: "shop",
      dialect: "eppo",
      file: flags,
      evaluate: true,
      origins: [origin],
      tokens: [{ name: "page", sha256, scopes: ["evaluate"] }],
      loggers: [{ type: "ndjson", path: events }],
    });
    relay = started.child;
    url = started.url;
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    relay?.kill("SIGKILL");
    shop?.close();
    rmSync(folder, { recursive: true });
  });

  const exposures = (): readonly { readonly subject: string; readonly variation: string }[] =>
    readFileSync(events, { encoding: "utf8", flag: "a+" })
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));

  it("gets values and a change without a reload, sends its tag, and reports exposures when it is closed", async () => {
    const page = await browser.newPage({});
    const problems: string[] = [];
    const tags: (string | null)[] = [];
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => {
      if (!request.url().includes("/evaluate/flags") || request.method() !== "POST") return;
      tags.push(request.headers()["if-none-match"] ?? null);
    });
    await page.goto(origin);
    await expect.poll(() => page.textContent("body")).toBe("slow");
    await expect
      .poll(exposures, { timeout: 5_000 })
      .toMatchObject([{ subject: "user-1", featureFlag: "checkout", variation: "slow" }]);
    writeFileSync(flags, config("fast"));
    await expect.poll(() => page.textContent("body"), { timeout: 40_000 }).toBe("fast");
    // The page is closed before the hook's delay of a second, so the second exposure is sent at the end.
    await page.goto("about:blank");
    await expect
      .poll(exposures, { timeout: 5_000 })
      .toMatchObject([{ variation: "slow" }, { subject: "user-1", variation: "fast" }]);
    expect(tags[0]).toBeNull();
    expect(tags.slice(1)).toContainEqual(expect.stringMatching(/^"[0-9a-f]{64}"$/));
    expect(problems).toEqual([]);
  }, 90_000);

  it("of an unlisted origin gets nothing", async () => {
    const page = await browser.newPage({});
    await page.goto(origin.replace("localhost", "127.0.0.1"));
    await expect
      .poll(() =>
        page.evaluate<string>(
          `fetch("${url}/shop/ofrep/v1/evaluate/flags", { method: "POST", body: "{}", headers: { authorization: "Bearer ${TOKEN}", "content-type": "application/json" } }).then(String, String)`,
        ),
      )
      .toContain("Failed to fetch");
  });
});
