import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { sha256Of } from "../access/tokens.js";
import { VERSION } from "../version.js";
import { run } from "./run.js";

const folder = mkdtempSync(join(tmpdir(), "relay-run-"));
const closing: (() => void)[] = [];
afterAll(() => {
  rmSync(folder, { recursive: true });
  for (const close of closing) close();
});

async function command(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const text = { stdout: "", stderr: "" };
  const collecting = (name: keyof typeof text): Writable =>
    new Writable({
      write(chunk, _, done) {
        text[name] += chunk;
        done();
      },
    });
  const code = await run(args, {
    stdout: collecting("stdout"),
    stderr: collecting("stderr"),
    env: { KEY: "key", SORTITION_RELAY_KEY: "key" },
    onStop: (stop) => stop(),
    onReload() {},
  });
  return { code, ...text };
}

/** Starts a server that answers every request with this status, or never for `null`. */
async function serverOf(
  status: number | null,
  body = "{}",
): Promise<{ url: string; port: number }> {
  const server = createServer((_, response) => {
    if (status !== null) response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => void server.close());
  const { port } = server.address() as { readonly port: number }; // it listens on a port
  return { url: `http://127.0.0.1:${port}`, port };
}

function fileOf(content: object): string {
  const file = join(folder, `${Math.random()}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

const HASHED_FLAG = {
  ...{ key: "a", enabled: true, variationType: "BOOLEAN", totalShards: 10_000 },
  ...{ variations: {}, allocations: [] },
};

const shopAt = (baseUrl: string) => ({
  environments: [{ name: "shop", dialect: "eppo", source: { apiKey: { env: "KEY" }, baseUrl } }],
});

describe("run", () => {
  it.each(["help", "--help", "-h"])("prints the options for %s", async (form) => {
    const { code, stdout } = await command(form);
    expect([code, stdout.startsWith("Usage: sortition-relay --config FILE")]).toEqual([0, true]);
  });

  it.each([
    ["check", "--help"],
    ["check", "-h"],
    ["check", "relay.json", "--help"],
    ["token", "--help"],
    ["health", "--help"],
  ])("%s %s prints the options of the command, and runs nothing", async (name, ...args) => {
    const { code, stderr, stdout } = await command(name, ...args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(`Usage: sortition-relay ${name}`);
    expect(stdout).toMatch(/^Exit codes: 0 /m);
  });

  it("prints the options for --help after other options", async () => {
    const { code, stdout } = await command("--dialect", "eppo", "--help");
    expect([code, stdout]).toEqual([0, (await command("help")).stdout]);
  });

  it("prints the version", async () => {
    expect(await command("version")).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: "" });
  });

  it.each([
    ["info", ["listening", "ending", "closed", "ended"]],
    ["warn", []],
  ])("logs messages of at least logLevel: %s", async (logLevel, expected) => {
    const { url } = await serverOf(null); // or the order of its answer and the stop would vary
    const ports = { listen: 0, admin: { listen: 0 }, drainMs: 0 };
    const file = fileOf({ ...ports, ...shopAt(url), logLevel });
    const { code, stdout } = await command("--config", file);
    const messages = stdout.split("\n").flatMap((it) => (it === "" ? [] : JSON.parse(it).msg));
    expect([code, messages]).toEqual([0, expected]);
  });

  it.each([
    { dialect: "eppo", warns: false },
    { dialect: "growthbook", warns: false },
    { dialect: "datadog", warns: true },
    { dialect: "launchdarkly", warns: true },
  ])("warns if an environment serves nobody: $dialect", async ({ dialect, warns }) => {
    const tokens = [{ name: "a", sha256: "0".repeat(64) }];
    const environment = { name: "shop", dialect, file: join(folder, "none.json"), tokens };
    const ports = { listen: 0, admin: { listen: 0 }, drainMs: 0 };
    const file = fileOf({ ...ports, environments: [environment], logLevel: "warn" });
    const { stdout } = await command("--config", file);
    expect(stdout.includes("no SDK is served")).toBe(warns);
  });

  it("token prints a new token with its SHA-256", async () => {
    const [first, second] = [await command("token"), await command("token")];
    const [, token = "", sha256] =
      /^token: {2}(\S{40,})\nsha256: ([0-9a-f]{64})\n$/.exec(first.stdout) ?? [];
    expect(sha256).toBe(sha256Of(token));
    expect(second.stdout).not.toBe(first.stdout);
  });

  it("check sends one request to each vendor", async () => {
    const { url } = await serverOf(200, '{"flags":{},"format":"SERVER"}');
    expect(await command("check", fileOf(shopAt(url)))).toEqual({
      code: 0,
      stdout: "shop: fine\n",
      stderr: "",
    });
  });

  it("check prints why a vendor rejected the request, without the key", async () => {
    const { url } = await serverOf(401);
    const { code, stdout } = await command("check", fileOf(shopAt(url)));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^shop: .*401.*\n$/);
    expect(stdout).not.toContain("apiKey=key");
  });

  it("check warns about hashed keys, which bulk evaluation cannot list", async () => {
    const flags = { [createHash("md5").update("checkout").digest("hex")]: HASHED_FLAG };
    const { url } = await serverOf(200, JSON.stringify({ flags, format: "CLIENT" }));
    const { environments } = shopAt(url);
    const tokens = [{ name: "page", sha256: "a".repeat(64), scopes: ["evaluate"] }];
    const content = { environments: environments.map((it) => ({ ...it, evaluate: true, tokens })) };
    const { code, stdout } = await command("check", fileOf(content));
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^shop: fine, but flag keys are hashed/),
    ]);
  });

  it.each([
    [200, 0, "ready\n"],
    [503, 1, "not ready\n"],
  ])("health reports a relay that answers %i", async (status, code, stdout) => {
    const { port } = await serverOf(status);
    expect(await command("health", "--listen", `${port}`)).toEqual({ code, stdout, stderr: "" });
    const file = fileOf({ listen: `0.0.0.0:${port}`, environments: [] });
    expect(await command("health", "--config", file)).toEqual({ code, stdout, stderr: "" });
  });

  it("health reports that no relay answers", async () => {
    expect(await command("health", "--listen", "9")).toEqual({
      code: 1,
      stdout: "no answer\n",
      stderr: "nothing listens at http://127.0.0.1:9: is the relay running there?\n",
    });
  });

  it.each([
    [
      [],
      /^error: --dialect: expected one of eppo, growthbook, amplitude, posthog, or give --config/,
    ],
    [["--dialect", "statsig"], /^error: --dialect: expected .*: the relay serves no other vendor/],
    [["--dialect", "datadog"], /^error: --dialect: expected .*, or give --config FILE/],
    [["--dialect", "epo"], /^error: --dialect: expected one of/],
    [
      ["--dialect", "posthog"],
      /projectApiKey: the variable SORTITION_RELAY_PROJECT_KEY is not set/,
    ],
    [["--dialect", "eppo", "--config", "x"], /^error: --dialect: cannot be given together/],
    [["--dialekt", "eppo"], /^error: --dialekt: unknown option, did you mean --dialect\?/],
    [["--dialect", "eppo", "--listen", "x"], /^error: --listen: expected a port/],
    [
      ["--config", "/none.json"],
      /^error: \/none\.json: cannot be read: ENOENT: is the path right\?\n/,
    ],
    [["chek", "relay.json"], /^error: chek: unknown command/],
    [["check", "--config", "r.json"], /^error: --config: unknown option; write check r\.json/],
    [["token", "x"], /^error: x: unexpected argument: leave it out/],
  ])("rejects %j with exit code 2", async (args, message) => {
    const { code, stderr, stdout } = await command(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.match(/\n/g)).toHaveLength(1);
  });

  it("does not quote a file that is not JSON", async () => {
    const file = join(folder, "broken.json");
    writeFileSync(file, '{"apiKey": "clear-text"');
    expect((await command("--config", file)).stderr).toBe(
      `error: ${file}: is not JSON: line 1, column 24: expected , or }, got the end of the file\n`,
    );
  });
});
