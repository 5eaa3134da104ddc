import * as vendorSdk from "@amplitude/experiment-node-server";
import { describe, expect, it } from "vitest";
import * as ourSdk from "../../../src/index.js";
import { cohortFlag } from "../../source/cohort-server.js";

/** The part of the SDK that a user's program uses. Only its import line differs. */
type Sdk = Pick<typeof vendorSdk, "LocalEvaluationClient" | "LogLevel">;

const SIDES: readonly { readonly name: string; readonly sdk: Sdk }[] = [
  { name: "vendor", sdk: vendorSdk },
  { name: "ours", sdk: ourSdk as unknown as Sdk }, // the surface test compares the types
];

const FLAGS = { members: cohortFlag("members", "c1") };

describe.each(SIDES)("a subclass of the local client ($name)", ({ sdk }) => {
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

  it("may override how users are enriched, which determines evaluations", () => {
    const calls: unknown[] = [];
    class Others extends sdk.LocalEvaluationClient {
      protected override enrichUserWithCohorts(
        user: vendorSdk.ExperimentUser,
        flags: Record<string, never>,
      ): void {
        calls.push(Object.keys(flags));
        user.cohort_ids = user.user_id === "alice" ? ["c1"] : [];
      }
    }
    const client = new Others("key", options);
    const answers = ["alice", "bob"].map((id) => client.evaluateV2({ user_id: id })["members"]);
    expect(answers.map((variant) => variant?.key)).toEqual(["on", undefined]);
    expect(calls).toEqual([["members"], ["members"]]);
  });

  it("may leave users unchanged, even those with groups", () => {
    const flag = cohortFlag("members", "c1");
    const group = JSON.parse(
      JSON.stringify(flag).replace(
        '["context","user","cohort_ids"]',
        '["context","groups","org","cohort_ids"]',
      ),
    );
    class Unchanged extends sdk.LocalEvaluationClient {
      protected override enrichUserWithCohorts(): void {}
    }
    const client = new Unchanged("key", { ...options, bootstrap: { members: group } } as object);
    const user = (ids: object): vendorSdk.ExperimentUser => ({
      user_id: "alice",
      groups: { org: ["acme"] },
      group_cohort_ids: { org: ids } as never,
    });
    const keyOf = (ids: object): unknown => client.evaluateV2(user(ids))["members"]?.key;
    expect([keyOf({ acme: ["c1"] }), keyOf({ acme: ["c2"] })]).toEqual(["on", undefined]);
  });
});
