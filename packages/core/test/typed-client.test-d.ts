// Types of clients that know their flags. This file is checked by `tsc` and never runs.
import {
  type AssignmentDetails,
  type BanditResult,
  type Client,
  type KeyFor,
  type SubjectClient,
  type TypedClient,
  type TypedSubjectClient,
  typed,
} from "@sortition/core";
import { describe, expectTypeOf, it } from "vitest";

interface AppFlags {
  "test-checkout": { string: "fast" | "standard" };
  "new-ui": { boolean: boolean };
  columns: { integer: 2 | 3 };
  fee: { numeric: 0.5 | 1.5 };
  campaign: { json: { hero: string; discount?: number } };
  banner: { json: { text: string } | null };
  rollout: { string: "a" | "b"; default?: string };
  invite: { json: { text: string }; default?: null };
  variant: {
    boolean: boolean;
    string: "control" | "test";
    json: { size: number } | "plain";
    default?: string | null;
  };
  long: { string: string };
}

interface Details {
  readonly why: string;
}
interface Extras {
  readonly url: string;
}

declare const client: Client<Details, Extras>;
declare const text: string;
declare const isOn: boolean;

const flags = typed<AppFlags, Details, Extras>(client);

describe("KeyFor", () => {
  it("is the keys of the flags that have the getter", () => {
    expectTypeOf<KeyFor<AppFlags, "string">>().toEqualTypeOf<
      "test-checkout" | "rollout" | "variant" | "long"
    >();
    expectTypeOf<KeyFor<AppFlags, "integer">>().toEqualTypeOf<"columns">();
    expectTypeOf<KeyFor<AppFlags, "numeric">>().toEqualTypeOf<"fee">();
  });
});

describe("a typed getter", () => {
  it("returns the variations and the given default", () => {
    expectTypeOf(flags.getStringAssignment("test-checkout", "id", {}, "fast")).toEqualTypeOf<
      "fast" | "standard"
    >();
    expectTypeOf(flags.getStringAssignment("rollout", "id", {}, "none")).toEqualTypeOf<
      "a" | "b" | "none"
    >();
    expectTypeOf(flags.getStringAssignment("long", "id", {}, text)).toEqualTypeOf<string>();
    expectTypeOf(flags.getIntegerAssignment("columns", "id", {}, 2)).toEqualTypeOf<2 | 3>();
    expectTypeOf(flags.getNumericAssignment("fee", "id", {}, 0.5)).toEqualTypeOf<0.5 | 1.5>();
    expectTypeOf(flags.getBooleanAssignment("new-ui", "id", {}, isOn)).toEqualTypeOf<boolean>();
    expectTypeOf(flags.getBooleanAssignment("new-ui", "id", {}, false)).toEqualTypeOf<boolean>();
  });

  it("rejects a key that is misspelled or has another type", () => {
    // @ts-expect-error: unknown flag
    flags.getStringAssignment("test-chekout", "id", {}, "fast");
    // @ts-expect-error: an integer flag has no string
    flags.getStringAssignment("columns", "id", {}, "2");
    // @ts-expect-error: an integer flag of Eppo has no numeric getter
    flags.getNumericAssignment("columns", "id", {}, 2);
    // @ts-expect-error: the old name accepts the same keys
    flags.getBooleanAssignment("columns", "id", {}, false);
  });

  it("rejects a default that is not a variation if every subject gets one", () => {
    // @ts-expect-error: not a variation
    flags.getStringAssignment("test-checkout", "id", {}, "slow");
    // @ts-expect-error: not a variation
    flags.getIntegerAssignment("columns", "id", {}, 4);
    // @ts-expect-error: a string may not be a variation
    flags.getStringAssignment("test-checkout", "id", {}, text);
    // @ts-expect-error: further defaults of the JSON getter are not accepted by the string getter
    flags.getStringAssignment("variant", "id", {}, null);
  });

  it("keeps the details of the dialect", () => {
    const details = flags.getStringAssignmentDetails("test-checkout", "id", {}, "fast");
    expectTypeOf(details).toEqualTypeOf<AssignmentDetails<"fast" | "standard", Details>>();
    const { value } = flags.getIntegerAssignmentDetails("columns", "id", {}, 2);
    expectTypeOf(value).toEqualTypeOf<2 | 3>();
    // @ts-expect-error: not a variation
    flags.getStringAssignmentDetails("test-checkout", "id", {}, "slow");
    // @ts-expect-error: unknown flag
    flags.getBooleanAssignmentDetails("new-iu", "id", {}, false);
  });
});

describe("the typed getter of JSON", () => {
  it("returns the shape of the variations", () => {
    const campaign = flags.getJSONAssignment("campaign", "id", {}, { hero: "a.jpg" });
    expectTypeOf(campaign).toEqualTypeOf<{ hero: string; discount?: number }>();
    const banner = flags.getJSONAssignment("banner", "id", {}, null);
    expectTypeOf(banner).toEqualTypeOf<{ text: string } | null>();
    const invite = flags.getJSONAssignment("invite", "id", {}, null);
    expectTypeOf(invite).toEqualTypeOf<{ text: string } | null>();
    const given = flags.getJSONAssignment("invite", "id", {}, { text: "Hi" });
    expectTypeOf(given).toEqualTypeOf<{ text: string }>();
    const details = flags.getJSONAssignmentDetails("invite", "id", {}, null);
    expectTypeOf(details).toEqualTypeOf<AssignmentDetails<{ text: string } | null, Details>>();
  });

  it("accepts scalars if payloads are scalars", () => {
    const payload = flags.getJSONAssignment("variant", "id", {}, "plain");
    expectTypeOf(payload).toEqualTypeOf<{ size: number } | "plain">();
  });

  it("refuses other shapes", () => {
    // @ts-expect-error: `hero` is missing
    flags.getJSONAssignment("campaign", "id", {}, {});
    // @ts-expect-error: further defaults of the string getter are not accepted by the JSON getter
    flags.getJSONAssignment("variant", "id", {}, "none");
    // @ts-expect-error: every subject gets a variation, and none is null
    flags.getJSONAssignment("campaign", "id", {}, null);
    // @ts-expect-error: a member is misspelled
    flags.getJSONAssignment("campaign", "id", {}, { hero: "a.jpg", discont: 1 });
    // @ts-expect-error: `hero` is missing
    flags.getJSONAssignmentDetails("campaign", "id", {}, {});
  });
});

describe("typed bandits", () => {
  it("take the keys and defaults of string flags", () => {
    const result = flags.getBanditAction("rollout", "id", {}, ["x"], "none");
    expectTypeOf(result).toExtend<BanditResult>();
    expectTypeOf(result.variation).toEqualTypeOf<"a" | "b" | "none">();
    const details = flags.getBanditActionDetails("rollout", "id", {}, ["x"], "a");
    expectTypeOf(details.evaluationDetails).toEqualTypeOf<Details>();
    flags.getBestAction("rollout", {}, ["x"], "x");
    flags.getPrecomputedConfiguration("id", {}, { rollout: ["x"] });
    // @ts-expect-error: not a variation
    flags.getBanditAction("test-checkout", "id", {}, ["x"], "slow");
    // @ts-expect-error: unknown flag
    flags.getBestAction("rollot", {}, ["x"], "x");
    // @ts-expect-error: unknown flag
    flags.getPrecomputedConfiguration("id", {}, { rollot: ["x"] });
  });
});

describe("a typed client", () => {
  it("is a client of the same details and extras", () => {
    expectTypeOf(flags).toExtend<Client<Details, Extras>>();
    expectTypeOf(flags).toExtend<Client>();
    expectTypeOf(typed<AppFlags>(client)).toEqualTypeOf<TypedClient<AppFlags>>();
  });

  it("accepts any key in evaluate", () => {
    const { evaluationDetails } = flags.evaluate({
      flagKey: text,
      subjectKey: "id",
      extras: { url: "/" },
    });
    expectTypeOf(evaluationDetails).toEqualTypeOf<Details>();
  });

  it("overrides its own flags only, and stays typed", () => {
    const override = { key: "fast", value: "fast" } as const;
    const copy = flags.withOverrides({ "test-checkout": override });
    expectTypeOf(copy).toEqualTypeOf<typeof flags>();
    flags.withOverrides({ "test-checkout": "fast" });
    // @ts-expect-error: unknown flag
    flags.withOverrides({ "test-chekout": override });
    // @ts-expect-error: no value of the flag
    flags.withOverrides({ "test-checkout": { key: "fast", value: 42 } });
  });

  it("creates typed clients of one subject", () => {
    const subject = flags.forSubject({
      subjectKey: "id",
      overrides: { "test-checkout": { key: "fast", value: "fast" }, columns: "three" },
    });
    expectTypeOf(subject).toEqualTypeOf<TypedSubjectClient<AppFlags, Details>>();
    expectTypeOf(subject).toExtend<SubjectClient<Details>>();
    expectTypeOf(subject.getStringAssignment("test-checkout", "standard")).toEqualTypeOf<
      "fast" | "standard"
    >();
    expectTypeOf(subject.getIntegerAssignmentDetails("columns", 2).value).toEqualTypeOf<2 | 3>();
    subject.exposed("columns");
    // @ts-expect-error: unknown flag
    subject.getStringAssignment("test-chekout", "standard");
    // @ts-expect-error: not a variation
    subject.getStringAssignment("test-checkout", "slow");
    // @ts-expect-error: unknown flag
    subject.exposed("test-chekout");
    // @ts-expect-error: unknown flag
    flags.forSubject({ subjectKey: "id", overrides: { "test-chekout": "fast" } });
    // @ts-expect-error: no value of the flag
    flags.forSubject({ subjectKey: "id", overrides: { columns: { key: "k", value: "three" } } });
    // @ts-expect-error: a client of one subject has no bandits
    subject.getBanditAction("test-checkout", [], "standard");
  });
});
