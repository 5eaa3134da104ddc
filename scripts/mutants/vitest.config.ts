import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { projects } from "../../test/project.ts";

// Grids run whole, so that no fault survives which a long test notices.
process.env["SORTITION_WHOLE"] = "1";

const [{ test, ...unit }] = projects() as [{ test: { setupFiles: string[] } }];

// Colours, proxies and the time zone of the machine must not affect results, as in the configuration of all tests.
process.env["TZ"] = "UTC";

/** Runs the tests of `npm test` with shorter waits, because a fault makes some of them wait in vain. */
export default defineConfig({
  ...unit,
  test: {
    ...test,
    name: "mutants",
    setupFiles: [...test.setupFiles, join(import.meta.dirname, "each-file.ts")],
    expect: { poll: { timeout: 20_000 } },
  },
});
