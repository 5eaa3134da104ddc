import { eppo } from "@sortition/core/eppo";
import { describe, expect, it } from "vitest";
import { SOURCE_CHECKS } from "../../src/source-contract/checks.js";
import type { SourceHarness } from "../../src/source-contract/harness.js";
import { MEMORY_AGE_MS, MEMORY_ETAG, memorySource, type SourceFaults } from "./memory-source.js";

const dialect = eppo();

function harnessOf(faults: SourceFaults): SourceHarness {
  return {
    name: "memory",
    dialect,
    firstAgeMs: MEMORY_AGE_MS,
    etag: MEMORY_ETAG,
    create: () => memorySource(dialect, faults),
  };
}

/** Names of the rules that a source breaks. */
async function brokenBy(faults: SourceFaults): Promise<string[]> {
  const broken: string[] = [];
  for (const { check, name } of SOURCE_CHECKS) {
    await check(harnessOf(faults)).catch(() => broken.push(name));
  }
  return broken;
}

describe("the source contract", () => {
  it.each<{ readonly fault: keyof SourceFaults; readonly rule: string }>([
    { fault: "diesWithItsSink", rule: "a sink that throws once, in offer, gets the next payload" },
    {
      fault: "diesWithItsSink",
      rule: "a sink that throws once, in confirmed, gets the next payload",
    },
    {
      fault: "diesWithItsSink",
      rule: "a sink that throws once, in scheduled, gets the next payload",
    },
    { fault: "hidesTheError", rule: "reports the true error of a sink that throws" },
    { fault: "changesEtags", rule: "offers bytes, etags and age as it received them" },
    { fault: "forgetsAge", rule: "offers bytes, etags and age as it received them" },
    { fault: "changesBytes", rule: "offers bytes, etags and age as it received them" },
    {
      fault: "speaksAfterEnd",
      rule: "is silent to a client that has left, also when it leaves twice",
    },
    {
      fault: "keepsItsTimer",
      rule: "is silent to a client that has left, also when it leaves twice",
    },
    { fault: "holdsTheProcess", rule: "holds no process" },
    { fault: "startsOnce", rule: "starts again for a client that comes after all have left" },
    { fault: "rejectsRefresh", rule: "answers a refresh in any state, and never rejects" },
    { fault: "givesUp", rule: "goes on after its origin failed, and reports the failure" },
    { fault: "hidesFailures", rule: "goes on after its origin failed, and reports the failure" },
    { fault: "servesTheFirstClientOnly", rule: "gives every client what it has" },
    { fault: "neverPolls", rule: "polls by itself" },
  ])("finds a source that $fault: $rule", async ({ fault, rule }) => {
    expect(await brokenBy({ [fault]: true })).toContain(rule);
  });

  it("finds nothing wrong with a source that is right", async () => {
    expect(await brokenBy({})).toEqual([]);
  });
});
