import { describe, expect, it } from "vitest";
import { withCheckedMappers } from "./checked-mappers.js";
import { TRACK_CHANGES } from "./track.js";

describe("the result of a mapper", () => {
  it.each([
    { result: undefined, ignored: "undefined" },
    { result: "text", ignored: "a string" },
    { result: Promise.resolve({}), ignored: "a promise" },
    { result: { user_id: "a", traits: {}, event: "e" }, ignored: "user_id, traits" },
    { result: { userId: "a" }, ignored: null },
    { result: null, ignored: null },
  ])("$result is reported once if it is ignored: $ignored", ({ ignored, result }) => {
    const warnings: string[] = [];
    const warn = (message: string): void => void warnings.push(message);
    const diagnostics = { debug() {}, info() {}, warn, error() {} };
    const options = { mapAssignment: (_: unknown) => result, diagnostics };
    const { mapAssignment } = withCheckedMappers(options, TRACK_CHANGES);
    for (let i = 0; i < 2; i++) expect(mapAssignment({})).toBe(result);
    const expected = `mapAssignment() returned ${ignored}, which the logger ignores: return an object with event, userId`;
    expect(warnings).toEqual(ignored === null ? [] : [expect.stringContaining(expected)]);
  });
});
