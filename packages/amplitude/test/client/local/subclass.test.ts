import * as vendorSdk from "@amplitude/experiment-node-server";
import { describe, expect, it } from "vitest";
import * as ourSdk from "../../../src/index.js";
import { cohortFlag } from "../../source/cohort-server.js";

/** What a user program does: only its import line differs. */
type Sdk = Pick<typeof vendorSdk, "LocalEvaluationClient" | "LogLevel">;

const SIDES: readonly { readonly name: string; readonly sdk: Sdk }[] = [
  { name: "vendor", sdk: vendorSdk },
  { name: "ours", sdk: ourSdk as unknown as Sdk }, // its types are compared by the surface test
];

const FLAGS = { members: cohortFlag("members", "c1") };

describe.each(SIDES)("a subclass of the local client of the $name", ({ sdk }) => {
  const options = { bootstrap: FLAGS, logLevel: sdk.LogLevel.Disable } as object;

  it("may enrich users by some flags", () => {
    class Some extends sdk.LocalEvaluationClient {
      enrich(user: vendorSdk.ExperimentUser): void {
        this.cohortStorage.put({
          ...{
            cohortId: "c1",
            groupType: "User",
            groupTypeId: 0,
            lastModified: 1,
            lastComputed: 1,
          },
          ...{ size: 1, memberIds: new Set(["alice"]) as never },
        });
        super.enrichUserWithCohorts(user, { members: FLAGS.members } as never);
      }
    }
    const user: vendorSdk.ExperimentUser = { user_id: "alice", cohort_ids: ["own"] };
    new Some("key", options).enrich(user);
    expect(user.cohort_ids).toEqual(["c1"]);
  });
});
