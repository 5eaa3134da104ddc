import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { ByTimes } from "./config/test/by-times.ts";
import { project, quietProject } from "./config/test/project.ts";

// What the machine says of colours, proxies and its time zone must not change a result. A test that is about one of
// them sets it itself.
for (const name of ["FORCE_COLOR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]) {
  delete process.env[name];
  delete process.env[name.toLowerCase()];
}
process.env["TZ"] = "UTC";

export default defineConfig({
  test: {
    projects: [
      "packages/*/vitest.config.ts",
      "apps/*/vitest.config.ts",
      { ...project("repository"), root: import.meta.dirname },
      ...(process.env["SORTITION_LONG"] === "1" ? [quietProject()] : []),
    ],
    sequence: { sequencer: ByTimes },
    // More than there are cores: while some files wait for servers and timers, others compute.
    maxWorkers: availableParallelism() + 2,
  },
});
