import { defineProject, mergeConfig } from "vitest/config";
import { project } from "../../test/project.ts";

// The vendor's SDK has settings, polyfills and a cache of the process: each file evaluates it anew, like our own modules.
export default mergeConfig(
  project("growthbook"),
  defineProject({ test: { server: { deps: { inline: ["@growthbook/growthbook"] } } } }),
);
