import { rmSync } from "node:fs";
import { describeOddOptions } from "@sortition/dialect-kit/odd-options";
import { afterAll } from "vitest";
import { INIT_SUITE, PARAMETERS_SUITE } from "./plan.js";

afterAll(() => {
  // Removes the vendor's queue of tracked events.
  rmSync(`${process.cwd()}/.queues`, { recursive: true, force: true });
});

describeOddOptions("@eppo/node-server-sdk", INIT_SUITE);
describeOddOptions("a method of @eppo/node-server-sdk", PARAMETERS_SUITE);
