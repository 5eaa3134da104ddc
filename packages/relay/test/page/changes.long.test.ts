import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Random, seedOr } from "@sortition/dialect-kit/differential";
import { generatePayload, PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { startTestServer } from "@sortition/test-kit/http-server";
import { describe, expect, it } from "vitest";
import { DIALECT_NAMES } from "../ofrep/ground.js";
import { ENVIRONMENTS, later, relayOf, type VendorName } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

const PAIRS = 1;
const ALICE = {
  subjectKey: "alice",
  attributes: { plan: "gold", country: "DE" },
  now: "2026-03-01T12:00:00.000Z",
};
const cli = fileURLToPath(new URL("../../../cli/dist/main.js", import.meta.url));
const VENDORS = {
  eppo: "Eppo",
  growthbook: "GrowthBook",
  amplitude: "Amplitude",
  posthog: "PostHog",
} satisfies Record<string, VendorName>;

interface Change {
  readonly flag: string;
  readonly change: string;
}

/**
 * Returns the differences that `sortition diff` finds; `null` if one payload is unusable. It does not block this process, whose
 * relay and visitor would both find out late that their idle connections have expired.
 */
async function differences(
  folder: string,
  dialect: string,
  before: string,
  after: string,
): Promise<readonly Change[] | null> {
  writeFileSync(join(folder, "before.json"), before);
  writeFileSync(join(folder, "after.json"), after);
  const args = ["diff", "before.json", "after.json", `--dialect=${dialect}`, "--json"];
  const stdio = ["ignore", "pipe", "ignore"] as const;
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, stdio: [...stdio] });
  const [stdout, [status]] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (status !== 0 && stdout === "") return null;
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line)).filter(({ change }) => change !== "same");
}

describe.each(DIALECT_NAMES)("changes of flags of %s", (dialect) => {
  it(`equal those of sortition diff, in ${PAIRS} generated pairs`, async () => {
    const random = new Random(seedOr(48));
    const folder = mkdtempSync(join(tmpdir(), "relay-changes-"));
    later(async () => rmSync(folder, { recursive: true }));
    const server = await startTestServer();
    later(() => server.close());
    let current = JSON.stringify(PAYLOADS[dialect]);
    server.respond({ kind: "answer", body: current });
    const relay = await relayOf({ environments: [ENVIRONMENTS[VENDORS[dialect]](server.url)] });
    const visitor = new Visitor(relay);
    const [environment] = relay.environments;
    const revisions = async () =>
      (await visitor.json("/api/v1/changes")) as { readonly revision: string }[];
    let compared = 0;
    while (compared < PAIRS) {
      const next = JSON.stringify(generatePayload(random, PAYLOADS[dialect]));
      const expected = next === current ? null : await differences(folder, dialect, current, next);
      if (expected === null) continue;
      const before = environment?.answers?.revision ?? "";
      const flag = random.pick([...(environment?.configuration?.flagKeys ?? ["none"])]);
      const question = { ...ALICE, flag, revision: before };
      const explained = await visitor.explain(question);
      server.respond({ kind: "answer", body: next });
      const failures = environment?.status?.consecutiveFailures ?? 0;
      environment?.requestRefresh();
      const isDone = (): boolean =>
        environment?.answers?.revision !== before ||
        (environment?.status?.consecutiveFailures ?? 0) > failures;
      await expect.poll(isDone).toBe(true);
      if (environment?.answers?.revision === before) continue; // the payload is unusable
      current = next;
      // A former revision returns the same explanation as when it was served.
      expect((await visitor.explain(question)).text).toBe(explained.text);
      const { revision = "" } = environment?.answers ?? {};
      await expect.poll(async () => (await revisions())[0]?.revision).toBe(revision);
      const change = (await visitor.json(`/api/v1/changes/${revision}`)) as {
        readonly flags: {
          readonly items: readonly { readonly key: string; readonly change: string }[];
        };
      };
      const shown = change.flags.items.map(({ change: kind, key }) => ({
        flag: key,
        change: kind,
      }));
      expect(sorted(shown)).toEqual(
        sorted(expected.map(({ change: kind, flag }) => ({ flag, change: kind }))),
      );
      const page = textOf((await visitor.get(`/page/${dialect}/change?revision=${revision}`)).text);
      for (const { flag } of shown) expect(page).toContain(flag);
      compared += 1;
    }
  });
});

function sorted(changes: readonly Change[]): readonly string[] {
  return changes.map(({ change, flag }) => `${flag}: ${change}`).sort();
}
