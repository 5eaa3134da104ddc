import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FlagServer } from "@sortition/testing/server";
import { describe, expect, it } from "vitest";
import { serverOf } from "../formats.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay } from "../start.js";
import { Visitor } from "./visitor.js";

interface Change {
  readonly revision: string;
  readonly isComparable: boolean;
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), "relay-history-"));
  later(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function relayAt(server: FlagServer, directory: string): Promise<TestRelay> {
  const environment = { ...ENVIRONMENTS.Eppo(server.url), diskCache: { directory } };
  return await relayOf({ environments: [environment] });
}

async function changesOf(relay: TestRelay): Promise<readonly Change[]> {
  return (await new Visitor(relay).json("/api/v1/changes")) as readonly Change[]; // see api.ts
}

/** Waits until a relay has seen a number of revisions. */
async function seen(relay: TestRelay, count: number): Promise<readonly Change[]> {
  await expect.poll(async () => (await changesOf(relay)).length).toBe(count);
  return await changesOf(relay);
}

describe("the history on disk", () => {
  it("survives a restart, and contains changes during the downtime", async () => {
    const { flags, server } = await serverOf("Eppo");
    const directory = folderOf();
    const first = await relayAt(server, directory);
    await seen(first, 1);
    flags.string("search").variations("old", "new").otherwise("new");
    first.environments[0]?.requestRefresh();
    const before = await seen(first, 2);
    expect(before[0]).toMatchObject({ added: ["search"], changed: [], removed: [] });
    await first.close();
    const folder = join(directory, "history-eppo");
    for (const name of readdirSync(folder)) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }

    const second = await relayAt(server, directory);
    expect(await seen(second, 2)).toEqual(before);
    await second.close();

    flags.string("search").variations("old", "new").otherwise("old");
    const third = await relayAt(server, directory);
    const [last, ...rest] = await seen(third, 3);
    expect(last).toMatchObject({ isComparable: true, added: [], changed: ["search"] });
    expect(rest).toEqual(before);
  });

  it("ignores an older copy on disk that a relay starts with", async () => {
    const { flags, server } = await serverOf("Eppo");
    const directory = folderOf();
    const first = await relayAt(server, directory);
    await seen(first, 1);
    await first.close();
    const older = folderOf();
    cpSync(directory, older, { recursive: true });

    flags.string("search").variations("old", "new").otherwise("new");
    const second = await relayAt(server, directory);
    const before = await seen(second, 2);
    await second.close();
    for (const name of readdirSync(older)) {
      if (name !== "history-eppo") cpSync(join(older, name), join(directory, name));
    }

    const third = await relayAt(server, directory);
    await expect.poll(async () => (await fetch(`${third.url}/readyz`)).status).toBe(200);
    flags.string("search").variations("old", "new").otherwise("old");
    third.environments[0]?.requestRefresh();
    const [last, ...rest] = await seen(third, 3);
    expect(last).toMatchObject({ isComparable: true, added: [], changed: ["search"] });
    expect(rest).toEqual(before);
  });

  it.each([
    ["torn", (path: string) => writeFileSync(path, '{"sortition":1,"dialect":"eppo"')],
    ["empty", (path: string) => writeFileSync(path, "")],
    ["binary", (path: string) => writeFileSync(path, Buffer.alloc(1_000, 7))],
  ])("ignores a file that is %s, and the relay keeps serving", async (_, damage) => {
    const { server } = await serverOf("Eppo");
    const directory = folderOf();
    const first = await relayAt(server, directory);
    await seen(first, 1);
    await first.close();
    const folder = join(directory, "history-eppo");
    const [name = ""] = readdirSync(folder);
    damage(join(folder, name));

    const second = await relayAt(server, directory);
    expect(await seen(second, 1)).toMatchObject([{ isComparable: false }]);
    expect((await fetch(`${second.url}/readyz`)).status).toBe(200);
    expect(second.log.join("")).toContain("removed unusable history files");
  });

  it("reports a failed write once, and keeps the revision in memory", async () => {
    const { flags, server } = await serverOf("Eppo");
    const directory = folderOf();
    // A file blocks the folder's path, so writes fail as on a full disk.
    writeFileSync(join(directory, "history-eppo"), "");
    chmodSync(join(directory, "history-eppo"), 0o400);
    const relay = await relayAt(server, directory);
    await seen(relay, 1);
    flags.string("search").variations("old", "new").otherwise("new");
    relay.environments[0]?.requestRefresh();
    expect((await seen(relay, 2))[0]).toMatchObject({ added: ["search"] });
    expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
    await relay.close();
    expect(relay.log.filter((line) => line.includes("history not written"))).toHaveLength(1);
  });
});

it("keeps both entries of a revision that is served again after another one", async () => {
  const { flags, server } = await serverOf("Eppo");
  const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
  const [{ revision: first = "" } = {}] = await seen(relay, 1);
  for (const [i, value] of (["new", "old", "new"] as const).entries()) {
    flags.string("search").variations("old", "new").otherwise(value);
    relay.environments[0]?.requestRefresh();
    await seen(relay, i + 2);
  }
  const [third, second, added] = await changesOf(relay);
  expect(third).toMatchObject({ changed: ["search"], revision: added?.revision });
  expect(second).toMatchObject({ changed: ["search"] });
  expect(added).toMatchObject({ added: ["search"] });
  expect(first).not.toBe(added?.revision);
});
