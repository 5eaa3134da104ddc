import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AllocationSteps } from "@sortition/core/dialect-internal";
import { Random, seedOr } from "@sortition/dialect-kit/differential";
import { generateCall, generatePayload, PAYLOADS } from "@sortition/dialect-kit/openfeature";
import { describe, expect, it } from "vitest";
import { DIALECT_NAMES, evaluating } from "../ofrep/ground.js";
import { later, relayOf, type TestRelay } from "../start.js";
import { textOf, Visitor } from "./visitor.js";

const CASES = 4;
const NOW = "2026-03-01T12:00:00.000Z";
const cli = fileURLToPath(new URL("../../../cli/dist/main.js", import.meta.url));

interface Explained {
  readonly text: string;
  readonly command: string;
  readonly allocations: readonly { readonly key: string; readonly outcome: string }[] | null;
  readonly steps: readonly AllocationSteps[];
}

/** Checks that plain words and the tree agree. */
function checkSteps({ allocations, steps }: Explained): void {
  expect(steps.map(({ key }) => key)).toEqual((allocations ?? []).map(({ key }) => key));
  for (const [i, { outcome, steps: checks }] of steps.entries()) {
    expect(outcome === "holds").toBe(allocations?.[i]?.outcome === "applies");
    if (outcome === "holds") expect(checks.map((it) => it.outcome)).not.toContain("fails");
    for (const { outcome, place } of checks) {
      if (place === null || outcome === "unknown" || outcome === "error") continue;
      const parts = place.parts.filter(({ hasSubject }) => hasSubject);
      expect(parts.length > 0).toBe(outcome === "holds");
      if (place.shard !== null) expect(place.shard).toBeLessThanOrEqual(place.totalShards);
    }
  }
}

/** Runs a command in a shell, and resolves with its output. */
async function printedBy(command: string, folder: string): Promise<string> {
  const script = `sortition() { "${process.execPath}" "${cli}" "$@"; }\n${command}`;
  const child = spawn("sh", ["-c", script], { cwd: folder, env: { PATH: process.env["PATH"] } });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (data: string) => {
    text += data;
  });
  await once(child, "close");
  return text;
}

async function startOver(dialect: (typeof DIALECT_NAMES)[number], payload: unknown) {
  const options = { options: { refuseRiskyPatterns: false } };
  const relay = await relayOf({ environments: [evaluating(dialect, payload, options)] });
  return { relay, visitor: new Visitor(relay) };
}

const flagKeysOf = (relay: TestRelay): readonly string[] => [
  ...(relay.environments[0]?.configuration?.flagKeys ?? []),
];

describe.each(DIALECT_NAMES)("the page of flags of %s", (dialect) => {
  it(`has the tree of \`sortition explain\`, and the values of a client, in ${CASES} generated cases`, async () => {
    const random = new Random(seedOr(47));
    const folder = mkdtempSync(join(tmpdir(), "relay-page-"));
    later(async () => rmSync(folder, { recursive: true }));
    let trees = 0;
    while (trees < CASES) {
      const payload = generatePayload(random, PAYLOADS[dialect]);
      const started = await startOver(dialect, payload).catch(() => null); // unusable payload
      if (started === null || flagKeysOf(started.relay).length === 0) continue;
      const { relay, visitor } = started;
      writeFileSync(join(folder, "flags.json"), JSON.stringify(payload));
      for (let i = 0; i < 5 && trees < CASES; i++) {
        const { context } = generateCall(random, flagKeysOf(relay));
        const { targetingKey = "user-1", ...attributes } = JSON.parse(JSON.stringify(context));
        const subject = { subjectKey: targetingKey, attributes, now: NOW };
        const list = JSON.parse((await visitor.explain(subject)).text);
        const client = relay.environments[0]?.evaluation?.quiet;
        for (const { isAssigned, key, value, variation } of list.items) {
          const details = client?.evaluate({
            flagKey: key,
            subjectKey: targetingKey,
            subjectAttributes: attributes,
          });
          expect([key, isAssigned, variation]).toEqual([
            ...[key, details?.isDefault === false, details?.variationKey],
          ]);
          expect(JSON.stringify(value)).toBe(JSON.stringify(details?.value ?? null));
        }
        const flagKey = random.pick(flagKeysOf(relay));
        const answer = await visitor.explain({ ...subject, flag: flagKey });
        const explained = JSON.parse(answer.text) as Explained;
        const { command, text } = explained;
        checkSteps(explained);
        expect(await printedBy(command, folder)).toBe(text);
        const page = await visitor.post(`/page/${dialect}/subject`, {
          ...{ key: targetingKey, attributes: JSON.stringify(attributes), now: NOW },
          flag: flagKey,
        });
        expect(textOf(page.text)).toContain(text.split("\n")[0]);
        trees += 1;
      }
    }
  }, 300_000);
});
