import { type TestAPI, test } from "vitest";
import { type Collector, startCollector } from "../collector.js";

/** `it` with a separate collector for each test, so that tests can run concurrently. */
export const it: TestAPI<{ readonly collector: Collector }> = test.extend<{
  readonly collector: Collector;
}>({
  collector: async ({ task: _ }, use) => {
    const collector = await startCollector();
    await use(collector);
    await collector.close();
  },
});
