import { describe, expect, it } from "vitest";
import { AMPLITUDE_WORDS } from "./words.js";

describe("AMPLITUDE_WORDS", () => {
  it.each([
    ["user.cohort_ids", "the subject"],
    ["user.country", "country"],
    ["user.user_properties.plan", "plan"],
    ["user.user_properties.country", "property country"],
    ["result.beta.key", "flag beta"],
    ["result.beta.value", "the value of flag beta"],
    ["result.beta", "result.beta"],
    ["groups.org", "groups.org"],
    ["groups.org.group_name", "group org"],
    ["groups.org.cohort_ids", "group org"],
    ["groups.org.group_properties.plan", "plan of group org"],
    ["other", "other"],
  ])("names what a condition on %s tests: %s", (attribute, of) => {
    const condition = { attribute, expected: ["x"], operator: "is", problem: null };
    expect(AMPLITUDE_WORDS.ofCondition(condition)).toMatchObject({ of });
  });
});
