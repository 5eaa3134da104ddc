// Runs tests again and again for `scripts/mutants.mjs`, in the copy of the repository where the faults are planted. Started once,
// because a start of vitest takes longer than most runs.
import { relative } from "node:path";
import { createVitest } from "vitest/node";

const root = process.cwd();
/** @type {{ file: string, title: string, message: string }[]} */
let failures = [];
let seconds = new Map();
const fail = (module, title, errors) => {
  const message = errors[0]?.message ?? "failed";
  failures.push({ file: relative(root, module.moduleId), title, message });
};
const reporter = {
  onTestCaseResult: (test) => {
    const { errors, state } = test.result();
    if (state === "failed") fail(test.module, test.fullName, errors);
  },
  onTestSuiteResult: (suite) => {
    if (suite.errors().length > 0) fail(suite.module, suite.fullName, suite.errors());
  },
  onTestModuleEnd: (module) => {
    if (module.errors().length > 0) fail(module, "", module.errors());
    seconds.set(relative(root, module.moduleId), module.diagnostic().duration / 1000);
  },
  // If two tests fail at the same time, vitest cancels the run twice, which kills the worker before it has reported them.
  onTestRunEnd: (_modules, _errors, reason) => {
    if (failures.length > 0 || reason !== "interrupted") return;
    failures.push({ file: "", title: "", message: "two tests failed at the same time" });
  },
};
const inGivenOrder = class {
  shard = (files) => files;
  sort = (files) => files;
};

const vitest = await createVitest(
  "test",
  {
    config: "scripts/mutants/vitest.config.ts",
    ...{ watch: false, reporters: [reporter], sequence: { sequencer: inGivenOrder } },
    // One worker, so that files run in the given order, and a run ends with the first failure.
    maxWorkers: 1,
  },
  { root },
);
const specifications = new Map(
  (await vitest.globTestSpecifications()).map((it) => [relative(root, it.moduleId), it]),
);
process.send({ files: [...specifications.keys()] });

process.on("message", async ({ bail, changed, files }) => {
  failures = [];
  seconds = new Map();
  for (const project of vitest.projects) project.config.bail = bail;
  for (const path of changed) vitest.invalidateFile(path);
  const given = files.map((file) => specifications.get(file));
  const { unhandledErrors } = await vitest.runTestSpecifications(given);
  for (const { message } of unhandledErrors) failures.push({ file: "", title: "", message });
  process.send({ failures, seconds: Object.fromEntries(seconds) });
});
// The command was killed.
process.on("disconnect", () => process.kill(-process.pid, "SIGKILL"));
