import { describe, expect, it } from "vitest";
import type { Subject } from "../model/subject.js";
import { attributeReader, attributeReaderWithId } from "./reader.js";

const subject = (attributes: object) => ({ key: "alice", attributes: attributes as never });

describe("attributeReader", () => {
  it.each([
    { name: "plan", attributes: { plan: "pro" }, value: "pro", because: "it exists" },
    { name: "plan", attributes: {}, value: undefined, because: "it is missing" },
    { name: "constructor", attributes: {}, value: undefined, because: "that member is inherited" },
    { name: "id", attributes: {}, value: undefined, because: "there is no fallback" },
    {
      name: "plan",
      attributes: Object.create({ plan: "pro" }),
      value: undefined,
      because: "only a prototype has it",
    },
    {
      name: "plan",
      attributes: Object.assign(Object.create(null), { plan: "pro" }),
      value: "pro",
      because: "it is an own member, whatever the object inherits",
    },
    {
      name: "toString",
      attributes: { toString: "x" },
      value: "x",
      because: "it is the subject's own",
    },
    {
      name: "__proto__",
      attributes: JSON.parse('{"__proto__":"x"}'),
      value: "x",
      because: "it is the subject's own",
    },
  ])("reads $name as $value, because $because", ({ name, attributes, value }) => {
    expect(attributeReader(name)(subject(attributes))).toBe(value);
  });

  it("does not treat inherited members of a plain object as attributes", () => {
    expect(attributeReader("toString")({ ...subject({}), arePlain: true })).toBe(undefined);
  });

  it.each([
    { attributes: { plan: "pro" }, given: null, noted: true, because: "the call requests it" },
    {
      attributes: Object.create({ plan: 1 }),
      given: null,
      noted: false,
      because: "of its prototype",
    },
    {
      attributes: { plan: "pro" },
      given: undefined,
      noted: undefined,
      because: "the call does not request it",
    },
  ])("records $noted about the attributes, because $because", ({ attributes, given, noted }) => {
    const asked = { ...subject(attributes), ...(given === undefined ? {} : { arePlain: given }) };
    attributeReader("plan")(asked);
    expect((asked as Subject).arePlain).toBe(noted);
  });
});

describe("attributeReaderWithId", () => {
  it.each([
    { attributes: {}, value: "alice", because: "the subject has no id" },
    { attributes: { id: 7 }, value: 7, because: "the subject's own id wins" },
    { attributes: { id: null }, value: null, because: "even null wins" },
    { attributes: { id: undefined }, value: undefined, because: "even undefined wins" },
  ])("reads id as $value, because $because", ({ attributes, value }) => {
    expect(attributeReaderWithId("id")(subject(attributes))).toBe(value);
  });

  it("reads other attributes unchanged", () => {
    expect(attributeReaderWithId("plan")(subject({ plan: 1 }))).toBe(1);
  });
});
