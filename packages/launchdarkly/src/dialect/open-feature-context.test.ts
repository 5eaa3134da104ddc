import { expect, it } from "vitest";
import { openFeatureSubject } from "./open-feature-context.js";

it.each([
  { members: {}, attributes: {}, kind: "user" },
  { members: { targetingKey: "u", x: 1 }, attributes: { x: 1 }, kind: "user" },
  { members: { key: "u", x: 1 }, attributes: { key: "u", x: 1 }, kind: "user" },
  { members: { kind: "user", x: 1 }, attributes: { kind: "user", x: 1 }, kind: "user" },
  { members: { kind: "org", x: 1 }, attributes: { kind: "org", x: 1 }, kind: "org" },
  { members: { kind: 5 }, attributes: { kind: 5 }, kind: "user" },
  { members: { kind: null }, attributes: { kind: null }, kind: "user" },
  {
    members: { kind: "multi", org: { key: "o" } },
    attributes: { kind: "multi", org: { key: "o" } },
    kind: "multi",
  },
])("adds no attribute that the caller did not set: $members", ({ attributes, kind, members }) => {
  const subject = openFeatureSubject(members, "d");
  expect(subject.attributes).toEqual(attributes);
  expect(subject.extras).toMatchObject({ context: { kind } });
});

it.each([
  { members: {}, key: "d" },
  { members: { targetingKey: "u", key: "k" }, key: "u" },
  { members: { kind: "org", key: "o" }, key: "o" },
  { members: { kind: "multi", org: { key: "o" }, team: { key: "t" } }, key: "o" },
  { members: { kind: "multi", org: { key: "o" }, user: { key: "u" } }, key: "u" },
  { members: { kind: "multi" }, key: null },
])("returns the key of the user, or of the first context: $members", ({ key, members }) => {
  expect(openFeatureSubject(members, "d").key).toBe(key);
});
