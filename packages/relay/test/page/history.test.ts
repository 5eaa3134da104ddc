import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { serverOf } from "../formats.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay } from "../start.js";
import { Visitor } from "./visitor.js";

interface Change {
  readonly revision: string;
}

/** Waits until a relay has seen a number of revisions. */
async function seen(relay: TestRelay, count: number): Promise<readonly Change[]> {
  const changes = async (): Promise<readonly Change[]> =>
    (await new Visitor(relay).json("/api/v1/changes")) as readonly Change[]; // see api.ts
  await expect.poll(async () => (await changes()).length).toBe(count);
  return await changes();
}

it("keeps both entries of a revision that is served again after another one", async () => {
  const { flags, server } = await serverOf("Eppo");
  const relay = await relayOf({ environments: [ENVIRONMENTS.Eppo(server.url)] });
  const [{ revision: first = "" } = {}] = await seen(relay, 1);
  for (const [i, value] of (["new", "old", "new"] as const).entries()) {
    flags.string("search").variations("old", "new").otherwise(value);
    relay.environments[0]?.requestRefresh();
    await seen(relay, i + 2);
  }
  const [third, second, added] = await seen(relay, 4);
  expect(third).toMatchObject({ changed: ["search"], revision: added?.revision });
  expect(second).toMatchObject({ changed: ["search"] });
  expect(added).toMatchObject({ added: ["search"] });
  expect(first).not.toBe(added?.revision);
});

it("removes the history that an earlier version kept on disk", async () => {
  const { server } = await serverOf("Eppo");
  const directory = mkdtempSync(join(tmpdir(), "relay-history-"));
  later(async () => rmSync(directory, { recursive: true, force: true }));
  const folder = join(directory, "history-eppo");
  mkdirSync(folder);
  writeFileSync(join(folder, "000001767571200000-a.history"), "{}");
  await relayOf({ environments: [{ ...ENVIRONMENTS.Eppo(server.url), diskCache: { directory } }] });
  await expect.poll(() => existsSync(folder)).toBe(false);
});
