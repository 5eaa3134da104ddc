import type { ObservedEvaluation } from "@sortition/core";
import { eppo } from "@sortition/core/eppo";
import { describe, expect, it } from "vitest";
import { type EdgeExposure, edgeClient } from "../src/index.js";
import { createVendor } from "./support/vendor.js";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

async function play(onEvaluation: ((it: ObservedEvaluation) => unknown) | undefined) {
  const sent: EdgeExposure[] = [];
  const flags = edgeClient({
    dialect: eppo(),
    apiKey: "key",
    fetch: createVendor().fetch,
    send: async (exposures) => void sent.push(...exposures),
    diagnostics: SILENT,
    random: () => 0.5,
    clock: { now: () => 0 },
    onEvaluation,
  });
  const values: string[] = [];
  for (const subject of ["alice", "bob", "alice"]) {
    const client = await flags.forRequest();
    values.push(client.getStringAssignment("checkout", subject, {}, "default"));
    values.push(client.getStringAssignment("absent", subject, {}, "default"));
    await client.flush();
  }
  return { values, sent: sent.map(({ event }) => event), exposures: flags.status.exposures };
}

describe("onEvaluation of edgeClient", () => {
  it("receives the evaluations of all requests", async () => {
    const seen: ObservedEvaluation[] = [];
    const { values } = await play((evaluation) => seen.push(evaluation));
    expect(seen.map(({ value }) => value)).toEqual(values);
    expect(seen.map(({ flagKey, subjectKey }) => [flagKey, subjectKey])).toEqual(
      ["alice", "bob", "alice"].flatMap((it) => [
        ["checkout", it],
        ["absent", it],
      ]),
    );
  });

  it("refuses a value that is not a function", async () => {
    await expect(play(5 as never)).rejects.toThrow(/^onEvaluation: expected/);
  });
});
