import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { dearestFiles } from "./test/dearest-files.ts";
import { isLongRun, projects, quietProject } from "./test/project.ts";

// Colours, proxies and the time zone of the machine must not affect results. Tests that need one of them set it themselves.
for (const name of ["FORCE_COLOR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]) {
  delete process.env[name];
  delete process.env[name.toLowerCase()];
}
process.env["TZ"] = "UTC";

export default defineConfig({
  test: {
    projects: [...projects(), ...(isLongRun ? [quietProject()] : [])],
    reporters: ["default", dearestFiles],
    // More workers than cores: while some files wait for servers and timers, others compute.
    maxWorkers: availableParallelism() + 5,
    // Without the durations of the last run, the largest files come first. With them, those that only wait would all come first.
    cache: false,
  },
});
