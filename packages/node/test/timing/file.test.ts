import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client, Clock } from "@sortition/core";
import { createFakeClock, ifWhole } from "@sortition/test-kit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../../src/client/create-client.js";
import { type FileSourceOptions, fileSource } from "../../src/file/file-source.js";
import { type RecordedDiagnostics, recordDiagnostics } from "../support/diagnostics.js";
import { flagsBody } from "../support/flags.js";
import { createFolder, type Folder } from "../support/folder.js";

/** So long that a change can only be noticed by watching the file. */
const NEVER = { checkIntervalMs: 3_600_000 };

describe("lifecycle §7 fault 22: a configuration in a file", () => {
  let folder: Folder;
  let path: string;
  let diagnostics: RecordedDiagnostics;
  let client: Client;
  let served: string[];

  const create = (options: FileSourceOptions = NEVER, clock?: Clock): Promise<unknown> => {
    client = createClient({ source: fileSource(path, options), diagnostics, clock });
    client.on("configuration-changed", () => void served.push(answer()));
    return client.waitForInitialization();
  };
  const answer = (): string => client.getStringAssignment("flag-1", "alice", {}, "default");
  const expectServed = (value: string): Promise<void> =>
    expect.poll(answer, { interval: 5 }).toBe(value);

  beforeEach(() => {
    folder = createFolder();
    path = folder.file("flags.json");
    writeFileSync(path, flagsBody("first"));
    diagnostics = recordDiagnostics();
    served = [];
  });

  afterEach(async () => {
    await client.close();
    folder[Symbol.dispose]();
  });

  ifWhole(it)("is updated after each of 50 atomic renames", async () => {
    await create();
    expect(client.status).toMatchObject({ state: "ready", source: "file" });
    for (let i = 1; i <= 50; i++) {
      writeFileSync(`${path}.tmp`, flagsBody(`v${i}`));
      renameSync(`${path}.tmp`, path);
      await expectServed(`v${i}`);
    }
    expect(served).toEqual(["first", ...Array.from({ length: 50 }, (_, i) => `v${i + 1}`)]);
    expect(diagnostics.reports.filter(({ level }) => level === "warn")).toEqual([]);
  });

  it("is updated when a ConfigMap is swapped", async () => {
    const mount = folder.file("mount");
    /**
     * Publishes as the kubelet does: a new folder, and a new link to it that is renamed over the
     * old one.
     */
    const publish = (version: string): void => {
      mkdirSync(join(mount, `..${version}`), { recursive: true });
      writeFileSync(join(mount, `..${version}`, "flags.json"), flagsBody(version));
      symlinkSync(`..${version}`, join(mount, "..data_tmp"));
      renameSync(join(mount, "..data_tmp"), join(mount, "..data"));
    };
    publish("v0");
    path = join(mount, "flags.json");
    symlinkSync(join("..data", basename(path)), path);
    await create();
    for (const version of ["v1", "v2", "v3"]) {
      publish(version);
      await expectServed(version);
    }
    expect(served).toEqual(["v0", "v1", "v2", "v3"]);
  });

  it("is not served or reported while it is incomplete", async () => {
    await create();
    const body = flagsBody("second");
    for (const part of [body.slice(0, 50), body.slice(0, 100)]) {
      writeFileSync(path, part);
      await sleep(400); // long enough for the half to be read
      expect(answer()).toBe("first");
    }
    writeFileSync(path, body);
    await expectServed("second");
    expect(served).toEqual(["first", "second"]);
    expect(diagnostics.reports.filter(({ level }) => level !== "info")).toEqual([]);
  });

  ifWhole(it)("is read again at the next check if its second half causes no event", async () => {
    // A real clock could reach two checks between the halves.
    const clock = createFakeClock({ settle: () => sleep(50) });
    await create({ watch: false, checkIntervalMs: 300 }, clock);
    const body = flagsBody("second");
    writeFileSync(path, body.slice(0, 50));
    await clock.advance(300);
    writeFileSync(path, body);
    await clock.advance(300);
    await expectServed("second");
    expect(diagnostics.messages("warn")).toEqual([]);
  });

  it("is rejected and reported once if it is the same at a second check", async () => {
    const errors: unknown[] = [];
    await create({ checkIntervalMs: 100 });
    client.on("error", ({ error }) => void errors.push(error));
    writeFileSync(path, "<html>");
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    await sleep(400);
    expect(answer()).toBe("first");
    expect(errors).toMatchObject([{ code: "SORTITION_DECODE" }]);
    expect(diagnostics.messages("warn")).toEqual(["configuration rejected"]);
    expect(client.status).toMatchObject({ lastError: { code: "SORTITION_DECODE" } });
    writeFileSync(path, flagsBody("second"));
    await expectServed("second");
    expect(client.status).toMatchObject({ lastError: null });
  });

  it("is kept when the file is deleted, with one error, and followed when the file is back", async () => {
    const errors: unknown[] = [];
    await create({ checkIntervalMs: 200 });
    client.on("error", ({ error }) => void errors.push(error));
    rmSync(path);
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    await sleep(500);
    expect(answer()).toBe("first");
    expect(errors).toMatchObject([{ code: "SORTITION_FILE", cause: { code: "ENOENT" } }]);
    writeFileSync(path, flagsBody("second"));
    await expectServed("second");
    expect(client.status).toMatchObject({ state: "ready", lastError: null });
  });

  ifWhole(it)("may be created later than the client", async () => {
    rmSync(path);
    const initializing = create();
    await expect.poll(() => client.status.lastError).not.toBeNull();
    expect(client.status.lastError).toMatchObject({ code: "SORTITION_FILE" });
    writeFileSync(path, flagsBody("late"));
    await expectServed("late");
    expect(await initializing).toMatchObject({ ready: true, source: "file" });
  });

  it("is checked at intervals if its folder cannot be watched", async () => {
    path = folder.file("missing/flags.json");
    const initializing = create({ checkIntervalMs: 100 });
    await sleep(300);
    mkdirSync(folder.file("missing"));
    writeFileSync(path, flagsBody("late"));
    await expectServed("late");
    await initializing;
    expect(
      diagnostics.reports.filter(({ message }) => message === "file source cannot watch"),
    ).toMatchObject([{ level: "warn", facts: { systemCode: "ENOENT" } }]);
  });
});
