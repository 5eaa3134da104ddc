import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { expect, it } from "vitest";
import { Fleet, KEYS, slower, TIMINGS } from "../../support/fleet.js";
import { wait } from "../../support/times.js";

const { pollIntervalMs } = TIMINGS;
const MIB = 1_024 * 1_024;
const PART = "flags";

type Field = readonly [name: string, value: string | Uint8Array];

/** Returns fields that are consistent for a part with these bytes. */
function partOf(bytes: Uint8Array, sha: string = hashOf(bytes)): Field[] {
  return [
    [`part:${PART}`, bytes],
    [`sha:${PART}`, sha],
    [`enc:${PART}`, "raw"],
    [`size:${PART}`, String(bytes.length)],
  ];
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Concatenates gzip members, which together are a valid gzip file. */
async function gzipOfZeros(mib: number): Promise<Buffer> {
  const member = await promisify(gzip)(Buffer.alloc(MIB));
  return Buffer.concat(Array.from({ length: mib }, () => member));
}

/**
 * The leader's next poll repairs the store, but before that, a follower must have read many
 * megabytes.
 */
const PATIENT = { ...slower(8), overdueAfterMs: 8_000 };

const OTHER_HASH = "f".repeat(64);
const CASES: readonly {
  readonly name: string;
  readonly code: RegExp;
  readonly fields: (stored: Buffer) => readonly Field[] | Promise<readonly Field[]>;
  readonly removed?: string;
}[] = [
  {
    name: "a flipped byte",
    code: /PAYLOAD_CORRUPT/,
    fields: (stored) => {
      const flipped = Buffer.from(stored);
      flipped.writeUInt8(flipped.readUInt8(100) ^ 1, 100);
      return partOf(flipped, OTHER_HASH);
    },
  },
  {
    name: "a gzip bomb of 1 GiB",
    code: /PAYLOAD_(CORRUPT|TOO_LARGE)/,
    fields: async () => [
      ...partOf(await gzipOfZeros(1_024), OTHER_HASH),
      [`enc:${PART}`, "gzip"],
      [`size:${PART}`, "1000"],
    ],
  },
  {
    name: "an unknown encoding",
    code: /PAYLOAD_CORRUPT|FORMAT_UNSUPPORTED/,
    fields: (stored) => [...partOf(stored, OTHER_HASH), [`enc:${PART}`, "x"]],
  },
  { name: "an unknown format", code: /FORMAT_UNSUPPORTED/, fields: () => [["fmt", "2"]] },
  {
    name: "a missing part",
    code: /PAYLOAD_CORRUPT/,
    fields: () => [[`sha:${PART}`, OTHER_HASH]],
    removed: `part:${PART}`,
  },
  {
    name: "a part of 17 MiB",
    code: /PAYLOAD_(CORRUPT|TOO_LARGE)/,
    fields: () => partOf(Buffer.alloc(17 * MIB, 32)),
  },
];

/** Declares scenarios of damaged payloads. */
export function payloadScenarios(): void {
  it.each(CASES)(
    "redis §6 fault 33: $name leaves the last good configuration in use",
    async ({ code, fields, removed }) => {
      await using fleet = await Fleet.start({ workers: 2, options: PATIENT });
      const [follower] = await fleet.followers();
      const { server } = fleet;
      await replace(fleet, fields, removed);
      // The leader's next poll repairs the store, so look for the code in the log.
      await follower?.process.event(
        ({ facts, name }) => name === "log" && code.test(JSON.stringify(facts)),
      );
      expect(follower?.version).toBe(1);
      await fleet.until("the leader's repair", async () => {
        return (await server.command("HGET", KEYS.config, "sha")) !== OTHER_HASH;
      });
      const stored = (await server.commandBuffer("HGET", KEYS.config, `part:${PART}`)) as Buffer;
      expect(hashOf(stored)).toBe(await server.command("HGET", KEYS.config, `sha:${PART}`));
      const [newcomer] = await fleet.add(1);
      expect(await newcomer?.event("ready")).toMatchObject({ source: "redis" });
      expect(await fleet.finish()).toEqual([]);
    },
  );

  it("redis §6 fault 33: the scope of another source stops all writes", async () => {
    await using fleet = await Fleet.start({ workers: 2 });
    const leader = await fleet.leader();
    // A poll that is running when the worker notices it is not published either.
    await leader.ask("hold", 500);
    await leader.nextEvent("fetched");
    await replace(fleet, () => [["scope", "0".repeat(64)]]);
    const isReported = ({ facts, name }: { name: string; [fact: string]: unknown }): boolean =>
      name === "log" && /NAMESPACE_CONFLICT/.test(JSON.stringify(facts));
    await Promise.all(fleet.workers.map(({ process }) => process.event(isReported)));
    await leader.ask("hold", 0);
    const revision = await fleet.server.command("HGET", KEYS.config, "rev");
    await wait(2 * pollIntervalMs);
    expect(await fleet.server.command("HGET", KEYS.config, "rev")).toBe(revision);
    for (const worker of fleet.workers) {
      expect(worker.logged("namespace belongs to another source")).toHaveLength(1);
    }
    expect(await fleet.finish({ soleRole: null })).toEqual([]);
    expect(await fleet.server.command("HGET", KEYS.config, "rev")).toBe(revision);
  });
}

/** Stores other content under the next revision, and announces it. */
async function replace(
  fleet: Fleet,
  fields: (stored: Buffer) => readonly Field[] | Promise<readonly Field[]>,
  removed?: string,
): Promise<void> {
  const { server } = fleet;
  const stored = (await server.commandBuffer("HGET", KEYS.config, `part:${PART}`)) as Buffer;
  const damaged = await fields(stored);
  const revision = Number(await server.command("HGET", KEYS.config, "rev")) + 1;
  if (removed !== undefined) await server.command("HDEL", KEYS.config, removed);
  const head = ["rev", String(revision), "sha", OTHER_HASH];
  await server.command("HSET", KEYS.config, ...head, ...damaged.flat());
  await server.command("PUBLISH", KEYS.changed, `c ${revision}`);
}
