import { type TestAPI, test } from "vitest";
import { type Collector, startCollector } from "../collector.js";

/** `it` with a collector of its own for each test, so that tests that wait can run side by side. */
export const it: TestAPI<{ readonly collector: Collector }> = test.extend<{
  readonly collector: Collector;
}>({
  collector: async ({ task: _ }, use) => {
    const collector = await startCollector();
    await use(collector);
    await collector.close();
  },
});
