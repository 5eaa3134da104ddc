import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createClient } from "@sortition/core";
import type { TestFlags } from "@sortition/testing";
import { split } from "@sortition/testing";
import { describe, expect, it } from "vitest";
import { dialectOf } from "../src/environment/sources.js";
import { serverOf, VENDORS } from "./formats.js";
import { Visitor } from "./pages.js";
import { ENVIRONMENTS, later, relayOf, type TestRelay, type VendorName } from "./start.js";

const run = promisify(execFile);
const COMMAND = join(import.meta.dirname, "../../cli/dist/main.js");
const NOW = "2026-02-01T12:00:00.000Z";

/** Flags whose answers depend on attributes and on the subject's key. */
function addFlags(flags: TestFlags, seed: number): void {
  for (let i = 0; i < 3; i++) {
    const share = (seed * 31 + i * 17) % 100;
    flags
      .string(`flag-${i}`)
      .variations("a", "b")
      .when({ country: i === 0 ? ["DE", "FR"] : ["DK"] })
      .give("a")
      .otherwise(split({ a: share, b: 100 - share }));
  }
}

interface Case {
  readonly subjectKey: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly flag: string;
}

/** Cases of one vendor, each with another subject. */
function casesOf(count: number): readonly Case[] {
  const countries = ["DE", "FR", "DK", "US"];
  return Array.from({ length: count }, (_, i) => ({
    subjectKey: `user-${i * 7}`,
    attributes: i % 5 === 4 ? {} : { country: countries[i % 4] as string, plan: `p${i % 3}` },
    flag: `flag-${i % 3}`,
  }));
}

async function explained(vendor: VendorName, payload: string, it: Case): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "relay-explain-"));
  const file = join(folder, "flags.json");
  writeFileSync(file, payload);
  const { attributes, flag, subjectKey } = it;
  const args = [
    ...["explain", flag, "--dialect", vendor.toLowerCase(), "--config", file, "--now", NOW],
    ...["--subject", subjectKey, "--attributes", JSON.stringify(attributes)],
  ];
  const { stdout } = await run(process.execPath, [COMMAND, ...args]);
  rmSync(folder, { recursive: true });
  return stdout;
}

/** Serves flags, then other ones: the first revision is kept, and no longer served. */
async function startWithTwo(
  vendor: VendorName,
): Promise<{ readonly relay: TestRelay; readonly visitor: Visitor; readonly payloads: string[] }> {
  const { flags, server } = await serverOf(vendor);
  addFlags(flags, 1);
  const payloads = [flags.payload()];
  const relay = await relayOf({ environments: [ENVIRONMENTS[vendor](server.url)] });
  const visitor = new Visitor(relay);
  addFlags(flags, 2);
  payloads.push(flags.payload());
  relay.environments[0]?.requestRefresh();
  await expect
    .poll(async () => ((await visitor.json("/api/v1/changes")) as readonly unknown[]).length)
    .toBe(2);
  return { relay, visitor, payloads };
}

describe.each(VENDORS)("explanations of %s", (vendor) => {
  it("have the text of the command, also for a revision that is no longer served", async () => {
    const { payloads, visitor } = await startWithTwo(vendor);
    const changes = (await visitor.json("/api/v1/changes")) as readonly { revision: string }[];
    const [now, before] = changes.map(({ revision }) => revision);
    for (const [i, it] of casesOf(50).entries()) {
      // Each case starts a process of the command, so that not all of them compare both revisions.
      const isOld = i % 2 === 0;
      const revision = isOld ? before : now;
      const { flag, ...subject } = it;
      const { status, text } = await visitor.explain({ ...subject, flag, revision, now: NOW });
      expect(status).toBe(200);
      const expected = await explained(vendor, payloads[isOld ? 0 : 1] as string, it);
      expect(JSON.parse(text).text).toBe(expected);
    }
  });

  it("list what the client answers for every flag", async () => {
    const { relay, visitor } = await startWithTwo(vendor);
    const [environment] = relay.environments;
    const configuration = environment?.configuration;
    if (!environment || !configuration) throw new Error("there is no configuration");
    const client = createClient<object>({
      dialect: dialectOf(environment.config),
      initialConfiguration: configuration,
      assignmentLogger: null,
      clock: { now: () => Date.parse(NOW) },
    });
    later(() => client.close());
    for (const { attributes, subjectKey } of casesOf(50)) {
      const { text } = await visitor.explain({ subjectKey, attributes, now: NOW });
      const { items, total } = JSON.parse(text);
      expect(total).toBe(configuration.flagKeys.size);
      for (const { key, reason, value, variation } of items) {
        const call = { flagKey: key, subjectKey, subjectAttributes: attributes };
        const details = client.evaluate(call);
        const expected = [details.variation ?? null, details.variationKey, details.reason];
        expect([value, variation, reason]).toEqual(expected);
      }
    }
  });
});
