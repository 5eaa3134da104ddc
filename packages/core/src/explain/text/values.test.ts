import { expect, it } from "vitest";
import { timeText, valueText } from "./values.js";

it.each([
  { value: undefined, text: "nothing" },
  { value: "a", text: '"a"' },
  { value: { a: 1 }, text: '{"a":1}' },
  { value: [], text: "[]" },
  { value: ["a", 1, null], text: '["a", 1, null]' },
  { value: "x".repeat(100), text: `"${"x".repeat(58)}…` },
  {
    value: Array.from({ length: 40 }, (_, i) => `item-${i}`),
    text: '["item-0", "item-1", "item-2", "item-3", "item-4", "item-5", … 34 more]',
  },
])("shows a value as $text", ({ value, text }) => {
  expect(valueText(value)).toBe(text);
});

it.each([
  { ms: 1_769_949_015_001, text: "2026-02-01T12:30:15.001Z" },
  { ms: 1e300, text: "1e+300" },
])("shows the time $ms as $text", ({ ms, text }) => {
  expect(timeText(ms)).toBe(text);
});
