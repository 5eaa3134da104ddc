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

/** Returns the names of the rules that a source breaks. */
async function brokenBy(faults: SourceFaults): Promise<string[]> {
  const broken: string[] = [];
  for (const { check, name } of SOURCE_CHECKS) {
    await check(harnessOf(faults)).catch(() => broken.push(name));
  }
  return broken;
}

describe("the source contract", () => {
  it.each<{ readonly fault: keyof SourceFaults; readonly rule: string }>([
    {
      fault: "diesWithItsSink",
      rule: "offers the next payload to a sink that threw once, in offer",
    },
    {
      fault: "diesWithItsSink",
      rule: "offers the next payload to a sink that threw once, in confirmed",
    },
    {
      fault: "diesWithItsSink",
      rule: "offers the next payload to a sink that threw once, in scheduled",
    },
    { fault: "hidesTheError", rule: "reports the error that a sink throws" },
    { fault: "changesEtags", rule: "offers bytes, etags and age as received" },
    { fault: "forgetsAge", rule: "offers bytes, etags and age as received" },
    { fault: "changesBytes", rule: "offers bytes, etags and age as received" },
    {
      fault: "speaksAfterEnd",
      rule: "does not call a client that has unsubscribed, even if it unsubscribes twice",
    },
    {
      fault: "keepsItsTimer",
      rule: "does not call a client that has unsubscribed, even if it unsubscribes twice",
    },
    { fault: "holdsTheProcess", rule: "does not keep the process alive" },
    { fault: "startsOnce", rule: "restarts for a new client after all others have unsubscribed" },
    { fault: "rejectsRefresh", rule: "resolves a refresh in any state, and never rejects" },
    { fault: "givesUp", rule: "continues after its origin failed, and reports the failure" },
    { fault: "hidesFailures", rule: "continues after its origin failed, and reports the failure" },
    { fault: "servesTheFirstClientOnly", rule: "offers its content to every client" },
    { fault: "neverPolls", rule: "polls by itself" },
    {
      fault: "joinsWhatHasEnded",
      rule: "requests again for a refresh that starts when content is offered",
    },
  ])("finds a source that $fault: $rule", async ({ fault, rule }) => {
    expect(await brokenBy({ [fault]: true })).toContain(rule);
  });

  it("finds no fault in a correct source", async () => {
    expect(await brokenBy({})).toEqual([]);
  });
});
