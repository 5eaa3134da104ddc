import { describe, expect, it } from "vitest";
import { growthbookExplainer } from "./explainer.js";

const MEMBER = { name: "member, else device", attributes: ["member", "device"] };
const USER = { name: "id", attributes: [] };

describe("GrowthBook's unit of a subject", () => {
  it.each([
    { unit: USER, attributes: {}, value: "alice", because: "id is the key" },
    { unit: MEMBER, attributes: { member: "m", device: "d" }, value: "m", because: "it is first" },
    { unit: MEMBER, attributes: { device: "d" }, value: "d", because: "there is no member" },
    { unit: MEMBER, attributes: { member: 0, device: "d" }, value: "d", because: "0 is falsy" },
    { unit: MEMBER, attributes: { member: 7 }, value: "7", because: "numbers are hashed as text" },
    { unit: MEMBER, attributes: { member: "" }, value: null, because: "both are missing" },
  ])("is $value of $attributes, because $because", ({ attributes, unit, value }) => {
    expect(growthbookExplainer.unitOf(unit, { key: "alice", attributes })).toBe(value);
  });
});
