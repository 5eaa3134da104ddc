import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFakeClock } from "@sortition/test-kit";
import { startTestServer } from "@sortition/test-kit/http-server";
import { expect, it } from "vitest";
import { startCommand } from "../command.js";
import { ENVIRONMENTS, later, relayOf, VARIABLES } from "../start.js";
import { Visitor } from "./visitor.js";

const { KEY } = VARIABLES;
const FLAGS = 10_000;
const CHANGES = 60;
const KEPT = 50;
const MAX_BYTES = 64 * 1_024 * 1_024;
const POLL_MS = 30_000;

function folderOf(): string {
  const folder = mkdtempSync(join(tmpdir(), "relay-history-"));
  later(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Creates an Eppo payload. @param text - text in each value, which determines the size. */
function payloadOf(flags: number, version: number, text = ""): string {
  const all = Array.from({ length: flags }, (_, i) => ({
    key: `flag-${i}`,
    enabled: true,
    variationType: "STRING",
    totalShards: 10_000,
    variations: { on: { key: "on", value: `${i % 100 === version % 100 ? version : 0}${text}` } },
    allocations: [{ key: "all", doLog: true, splits: [{ variationKey: "on", shards: [] }] }],
  }));
  return JSON.stringify({
    createdAt: "2026-01-05T00:00:00.000Z",
    format: "SERVER",
    environment: { name: "Test" },
    flags: Object.fromEntries(all.map((flag) => [flag.key, flag])),
  });
}

it(`of ${FLAGS} flags that change ${CHANGES} times stays within its bounds, and the relay keeps serving`, async () => {
  const clock = createFakeClock();
  const directory = folderOf();
  const server = await startTestServer({ kind: "answer", body: payloadOf(FLAGS, 0) });
  later(() => server.close());
  const own = ENVIRONMENTS.Eppo(server.url) as { readonly source: object };
  const source = { ...own.source, pollIntervalMs: POLL_MS, pollJitterMs: 0 };
  const relay = await relayOf(
    { environments: [{ ...own, source, diskCache: { directory } }] },
    { clock },
  );
  const [environment] = relay.environments;
  for (let version = 1; version <= CHANGES; version++) {
    const before = environment?.answers?.revision;
    server.respond({ kind: "answer", body: payloadOf(FLAGS, version) });
    await expect
      .poll(
        async () => {
          await clock.advance(POLL_MS);
          return environment?.answers?.revision;
        },
        { timeout: 10_000 },
      )
      .not.toBe(before);
  }
  const visitor = new Visitor(relay);
  const changes = async (): Promise<readonly { readonly revision: string }[]> =>
    (await visitor.json("/api/v1/changes")) as readonly { readonly revision: string }[];
  await expect
    .poll(async () => (await changes())[0]?.revision, { timeout: 10_000 })
    .toBe(environment?.answers?.revision);
  expect((await changes()).length).toBe(KEPT + 1);
  const folder = join(directory, "history-eppo");
  const sizes = (): readonly number[] =>
    readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  await expect.poll(() => sizes().length, { timeout: 10_000 }).toBe(KEPT + 1);
  expect(sizes().reduce((sum, it) => sum + it, 0)).toBeLessThan(MAX_BYTES);
  const answer = await fetch(`${relay.url}/flag-config/v1/config?apiKey=${KEY}`);
  expect(await answer.text()).toBe(payloadOf(FLAGS, CHANGES));
}, 240_000);

const SMALL_DISK = [
  ...["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"],
  'mount -t tmpfs -o size=256k,mode=755 tmpfs "$DIRECTORY" && exec "$@"',
  "sh",
];

/** Whether this user may mount file systems in a namespace. Some machines do not allow it. */
function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "relay-mount-"));
  const [command = "", ...args] = [...SMALL_DISK, "true"];
  const { status } = spawnSync(command, args, { env: { ...process.env, DIRECTORY: folder } });
  rmSync(folder, { recursive: true });
  return status === 0;
}

it.skipIf(!canMount())("on a full disk stays in memory, and the relay keeps serving", async () => {
  const directory = folderOf();
  const noise = (): string => randomBytes(300_000).toString("base64");
  const server = await startTestServer({ kind: "answer", body: payloadOf(1, 0, noise()) });
  later(() => server.close());
  const own = ENVIRONMENTS.Eppo(server.url) as { readonly source: object };
  const environment = {
    ...own,
    source: { ...own.source, pollIntervalMs: 1_000 },
    diskCache: { directory },
  };
  const file = join(folderOf(), "relay.json");
  const content = { listen: 0, admin: { listen: 0 }, environments: [environment] };
  writeFileSync(file, JSON.stringify(content));
  const env = { ...VARIABLES, DIRECTORY: directory };
  const relay = startCommand(["--config", file], { env, through: SMALL_DISK });
  const url = await relay.listening();
  const served = async (): Promise<string> =>
    (await fetch(`${url}/flag-config/v1/config?apiKey=${KEY}`)).text();
  await expect
    .poll(() => relay.stdout, { timeout: 10_000 })
    .toMatch(/history not written.*ENOSPC|ENOSPC.*history not written/);
  const next = payloadOf(1, 1, noise());
  server.respond({ kind: "answer", body: next });
  await expect.poll(async () => (await served()) === next, { timeout: 10_000 }).toBe(true);
  const [, admin = ""] = /"admin":"([^"]+)"/.exec(relay.stdout) ?? [];
  const changes = async (): Promise<readonly object[]> =>
    (await fetch(`${admin}/api/v1/changes`)).json() as Promise<readonly object[]>;
  await expect.poll(async () => (await changes()).length, { timeout: 10_000 }).toBe(2);
  // Each outage is reported once.
  expect(relay.stdout.match(/history not written/g)).toHaveLength(1);
});
