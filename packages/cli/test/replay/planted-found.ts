import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Configuration } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { seededRandom } from "@sortition/proof";
import { expect } from "vitest";
import { ndjson, run } from "../run.js";
import { FAULTS, plantedEvents, REVISION_TIMES, revision } from "./planted.js";

/** Replays three days against three revisions, with this many faults of each kind planted among the events. */
export async function expectPlantedFound(events: number, ofEach: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sortition-history-"));
  try {
    const payloads = REVISION_TIMES.map((_, i) => JSON.stringify(revision(i)));
    payloads.forEach((payload, i) => {
      writeFileSync(join(folder, `revision-${2 - i}.json`), payload);
    });
    const revisions = payloads.map((flagsConfiguration) =>
      Configuration.from({ dialect: eppo(), payloads: { flags: flagsConfiguration } }),
    );
    const random = seededRandom(3);
    const logged = plantedEvents({ random, events, ofEach, revisions });
    const args = ["replay", "-", "--history", folder, "--json"];
    const { exitCode, stdout } = await run(args, ndjson(logged));
    const { total, ...across } = JSON.parse(stdout.split("\n").at(-2) ?? "");
    expect(exitCode).toBe(1);
    const found = { ...total, ...across };
    const wrong = Object.fromEntries(FAULTS.map((fault) => [fault, found[fault]]));
    expect(wrong).toEqual({
      ...Object.fromEntries(FAULTS.map((fault) => [fault, ofEach])),
      // A subject's second variation also counts as wrong.
      "wrong-variation": 2 * ofEach,
    });
    const notRight = 7 * ofEach;
    expect(total.right).toBe(logged.length - notRight);
    expect(across.twoVariationsByRevision).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
