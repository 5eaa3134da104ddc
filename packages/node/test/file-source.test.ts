import { rmSync, writeFileSync } from "node:fs";
import { type Client, type ConfigurationSource, createClient } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { createFakeClock, type FakeClock } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fileSource } from "../src/file/file-source.js";
import { recordDiagnostics } from "./support/diagnostics.js";
import { flagsBody } from "./support/flags.js";
import { createFolder, type Folder } from "./support/folder.js";

const CHECK_MS = 5_000;

describe("fileSource", () => {
  let folder: Folder;
  let path: string;
  let clock: FakeClock;
  const clients: Client[] = [];

  const follow = (source: ConfigurationSource): Client => {
    const client = createClient({
      dialect: eppo(),
      source,
      clock,
      diagnostics: recordDiagnostics(),
    });
    clients.push(client);
    return client;
  };
  const answerOf = (client: Client): string =>
    client.getStringAssignment("flag-1", "alice", {}, "default");

  beforeEach(() => {
    folder = createFolder();
    path = folder.file("flags.json");
    writeFileSync(path, flagsBody("a"));
    clock = createFakeClock();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    folder[Symbol.dispose]();
  });

  it("serves the file, and checks it again after its interval", async () => {
    const client = follow(fileSource(path, { watch: false }));
    expect(await client.waitForInitialization()).toMatchObject({ ready: true, source: "file" });
    expect(answerOf(client)).toBe("a");
    // Waits for the first check, after which only the timers of the source and of age remain.
    await client.refresh();
    await clock.advance(0);
    // The first timer is the background check of the configuration.
    expect(clock.pending[1]).toEqual({ inMs: CHECK_MS, holdsProcess: false });
    await client.close();
    expect(clock.pending).toEqual([]);
  });

  it("checks immediately when refreshed", async () => {
    const client = follow(fileSource(path, { watch: false }));
    await client.waitForInitialization();
    await client.refresh(); // joins the first check, which may still be running
    expect(await client.refresh()).toMatchObject({ outcome: "unchanged" });
    writeFileSync(path, flagsBody("second"));
    expect(await client.refresh()).toMatchObject({ outcome: "updated" });
    rmSync(path);
    expect(await client.refresh()).toMatchObject({
      outcome: "failed",
      error: { code: "SORTITION_FILE", message: expect.stringContaining(path) },
    });
    expect(answerOf(client)).toBe("second");
  });

  it("names the position where the JSON of a first file is cut off, however short the wait", async () => {
    writeFileSync(path, flagsBody("a").slice(0, 50));
    const reports = recordDiagnostics();
    const client = createClient({
      dialect: eppo(),
      source: fileSource(path),
      clock,
      diagnostics: reports,
    });
    clients.push(client);
    const waiting = client.waitForInitialization({ timeoutMs: 100 });
    await client.refresh();
    await clock.advance(100);
    expect(await waiting).toMatchObject({ ready: false, reason: "timeout" });
    const message = expect.stringMatching(/^flags: \$: .*position 50/);
    expect(client.status.lastError).toMatchObject({ code: "SORTITION_DECODE", message });
    client.getStringAssignment("flag-1", "alice", {}, "default");
    expect(reports.messages("warn")).toEqual([
      "configuration rejected",
      expect.stringContaining("the last attempt failed"),
    ]);
  });

  it("treats an unchanged file as confirmed, and does not read it again", async () => {
    const client = follow(fileSource(path, { watch: false }));
    await client.waitForInitialization();
    await clock.advance(1_000);
    const { bytes } = client.getConfiguration()?.payloads[0] ?? {};
    expect(client.status.ageMs).toBe(1_000);
    await client.refresh();
    expect(client.status.ageMs).toBe(0);
    expect(client.getConfiguration()?.payloads[0]?.bytes).toBe(bytes);
  });

  it("decodes a rejected file twice, not at every check", async () => {
    let compiled = 0;
    const own = eppo();
    const dialect = {
      ...own,
      compileInSteps: (...args: Parameters<typeof own.compile>) => {
        compiled += 1;
        return own.compileInSteps!(...args); // defined, because the dialect has large payloads
      },
    };
    writeFileSync(path, "<html>");
    const client = createClient({
      source: fileSource(path, { watch: false }),
      dialect,
      clock,
      diagnostics: recordDiagnostics(),
    });
    for (let look = 1; look <= 5; look++) {
      expect(await client.refresh()).toMatchObject({ error: { code: "SORTITION_DECODE" } });
    }
    expect(compiled).toBe(2);
    await client.close();
  });

  it("reads the bandit models from a separate file", async () => {
    const bandits = folder.file("bandits.json");
    writeFileSync(bandits, '{"bandits":{}}');
    const client = follow(fileSource({ flags: path, bandits }, { watch: false }));
    await client.waitForInitialization();
    const parts = client.getConfiguration()?.payloads.map(({ part, from }) => [part, from]);
    expect(parts).toEqual([
      ["flags", "file"],
      ["bandits", "file"],
    ]);
  });

  it("is shared by several clients, and stops with the last one", async () => {
    const source = fileSource(path, { watch: false });
    const first = follow(source);
    await first.waitForInitialization();
    const late = follow(source);
    expect(await late.waitForInitialization()).toMatchObject({ ready: true });
    await first.close();
    writeFileSync(path, flagsBody("second"));
    await late.refresh();
    expect([answerOf(first), answerOf(late)]).toEqual(["a", "second"]);
    await late.close();
    expect(await source.refresh({ signal: new AbortController().signal })).toMatchObject({
      outcome: "failed",
      error: { code: "SORTITION_CLOSED" },
    });
    expect(clock.pending).toEqual([]);
  });

  it.each<{ args: readonly unknown[]; option: string }>([
    { args: [""], option: "files.flags" },
    { args: [5], option: "files" },
    { args: [null], option: "files" },
    { args: [{}], option: "files.flags" },
    { args: [{ flags: "a", bandits: 5 }], option: "files.bandits" },
    { args: [{ flags: "a", bandit: "b" }], option: "files.bandit" },
    { args: ["a", { watched: true }], option: "watched" },
    { args: ["a", { watch: "yes" }], option: "watch" },
    { args: ["a", { debounceMs: -1 }], option: "debounceMs" },
    { args: ["a", { checkIntervalMs: 99 }], option: "checkIntervalMs" },
  ])("refuses $args", ({ args, option }) => {
    // Lets untyped arguments through.
    const call = fileSource as (...args: readonly unknown[]) => ConfigurationSource;
    expect(() => call(...args)).toThrow(expect.objectContaining({ option }));
  });
});
