import { expect, it } from "vitest";
import { pValueEquation } from "./p-value.js";

it.each([
  { pValue: 0.0433, text: "p = 0.043" },
  { pValue: 3.52e-42, text: "p = 3.5e-42" },
  { pValue: 1e-305, text: "p < 1e-300" },
  { pValue: 0, text: "p < 1e-300" },
])("formats the p-value $pValue as $text", ({ pValue, text }) => {
  expect(pValueEquation(pValue)).toBe(text);
});
