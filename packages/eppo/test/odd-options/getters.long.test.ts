import { rmSync } from "node:fs";
import { describeOddOptions, VendorCalls } from "@sortition/dialect-kit/odd-options";
import { afterAll, expect, it } from "vitest";
import { GETTERS_SUITE, SETTERS_SUITE } from "./getters-plan.js";
import { METHODS_SUITE } from "./plan.js";

afterAll(() => {
  // Removes the vendor's queue of tracked events.
  rmSync(`${process.cwd()}/.queues`, { recursive: true, force: true });
});

describeOddOptions("the getters of @eppo/node-server-sdk", GETTERS_SUITE);
describeOddOptions("the methods of @eppo/node-server-sdk", METHODS_SUITE);
describeOddOptions("the setters of @eppo/node-server-sdk", SETTERS_SUITE);

it("the getters' plan tries every method that accepts a value", () => {
  const calls = new VendorCalls(GETTERS_SUITE);
  const takes = (callee: string): boolean => {
    try {
      return calls.inputsOf(callee).length > 0;
    } catch {
      return false;
    }
  };
  const suites = [GETTERS_SUITE, SETTERS_SUITE, METHODS_SUITE];
  const tried = suites.flatMap(({ calls }) => calls.map(({ callee }) => callee));
  tried.push("EppoClient#setConfigurationRequestParameters"); // its options are those of init
  const methods = calls.methodsOf("EppoClient").map((name) => `EppoClient#${name}`);
  expect(tried.sort()).toEqual(methods.filter(takes).sort());
});
