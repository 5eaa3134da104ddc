import { CLIENT, type Mistake, SET_UP } from "./program.js";

/** Mistakes in the first program of a new user. */
export const FIRST_STEPS: readonly Mistake[] = [
  {
    mistake: "the variable of the key is not set",
    program: `${SET_UP}await init({ apiKey: process.env.NO_SUCH_VARIABLE, assignmentLogger });`,
    names: "apiKey: is missing",
    wayOut: "is the environment variable that holds it set?",
  },
  {
    mistake: "Jest runs the program, without a key",
    program: `${SET_UP}await init({ apiKey: "", assignmentLogger });`,
    env: { NODE_ENV: "test", JEST_WORKER_ID: "1" },
    names: "apiKey: is blank",
    wayOut: "e.g. in tests, pass an initialConfiguration",
  },
  {
    mistake: "a key that the server rejects",
    program: `${SET_UP}await init({ apiKey: "k", baseUrl: "BASE_URL/401", assignmentLogger });`,
    names: "key rejected: BASE_URL answered with status 401",
    wayOut: "is apiKey an SDK key of the right environment?",
  },
  {
    mistake: "a typo in the key of a flag",
    program: `${CLIENT}client.getBooleanAssignment("new-chekout", "user-1", {}, false);`,
    names: 'no such flag "new-chekout"',
    wayOut: 'did you mean "new-checkout"?',
  },
  {
    mistake: "a flag of another environment",
    program: `${CLIENT}client.getBooleanAssignment("pricing", "user-1", {}, false);`,
    names: 'no such flag "pricing": default returned',
    wayOut: "is it for the right environment?",
  },
  {
    mistake: "a getter of another type",
    program: `${CLIENT}client.getStringAssignment("new-checkout", "user-1", {}, "off");`,
    names: 'flag "new-checkout" is BOOLEAN, but was requested as string: default returned',
    wayOut: "use getBooleanAssignment",
  },
  {
    mistake: "an object as subject",
    program: `${CLIENT}client.getBooleanAssignment("new-checkout", { id: 5 }, {}, false);`,
    names: "subject key is an object",
    wayOut: "pass a string such as user.id",
  },
  {
    mistake: "a promise as subject",
    program: `${CLIENT}client.getBooleanAssignment("new-checkout", Promise.resolve("u"), {}, false);`,
    names: "subject key is a promise",
    wayOut: "await it",
  },
  {
    mistake: "no subject",
    program: `${CLIENT}client.getBooleanAssignment("new-checkout", undefined, {}, false);`,
    names: "subject key is undefined: default returned",
    wayOut: "pass a string such as user.id",
  },
  {
    mistake: "a string as attributes",
    program: `${CLIENT}client.getBooleanAssignment("new-checkout", "user-1", "DK", false);`,
    names: "attributes are a string",
    wayOut: 'pass an object such as { country: "DK" }',
  },
  {
    mistake: "init without await, then getInstance",
    program: `${SET_UP}init({ apiKey: "k", baseUrl: "http://127.0.0.1:1", assignmentLogger });
      getInstance().getBooleanAssignment("new-checkout", "user-1", {}, false);
      process.exit();`,
    names: 'flag "new-checkout" evaluated before ready: default returned',
    wayOut: "await init(…)",
  },
  {
    mistake: "init without await, its promise as client",
    program: `${SET_UP}const client = init({ initialConfiguration, assignmentLogger });
      client.getBooleanAssignment("new-checkout", "user-1", {}, false);`,
    names: "init(…) returns a promise",
    wayOut: "write `await init(…)` before getBooleanAssignment",
  },
  {
    mistake: "the same in a CommonJS module",
    isCommonJs: true,
    program: `const { init, staticSource, Configuration } = require("@sortition/node");
      const client = init({
        initialConfiguration: Configuration.from({ flagsConfiguration: '{"flags":{}}' }),
      });
      client.getBooleanAssignment("new-checkout", "user-1", {}, false);`,
    names: "init(…) returns a promise",
    wayOut: "write `await init(…)` before getBooleanAssignment",
  },
  {
    mistake: "no logger",
    program: `${SET_UP}const client = await init({ initialConfiguration });
      client.getBooleanAssignment("new-checkout", "user-1", {}, false);`,
    names: "exposures lost: 1 had no logger when the process exited",
    wayOut: "give the client an assignmentLogger, or null to log none",
  },
  {
    mistake: "no logger, for long",
    program: `${SET_UP}const client = await init({ initialConfiguration });
      for (let i = 0; i < 101; i++) {
        client.getBooleanAssignment("new-checkout", "user-" + i, {}, false);
      }`,
    names: "exposures dropped: 1 so far, no logger takes them",
    wayOut: "give the client an assignmentLogger, or null to log none",
  },
  {
    mistake: "a function as logger",
    program: `${SET_UP}await init({ initialConfiguration, assignmentLogger: console.log });`,
    names: "assignmentLogger: expected an object",
    wayOut: "write { logAssignment: (event) => … }",
  },
  {
    mistake: "process.exit before the logger has taken the exposure",
    program: `${SET_UP}const slow = { logAssignment: () => new Promise((done) => setTimeout(done, 60_000)) };
      const client = await init({ initialConfiguration, assignmentLogger: slow });
      client.getBooleanAssignment("new-checkout", "user-1", {}, false);
      process.exit();`,
    names: "exposures lost: 1 were not delivered when the process exited",
    wayOut: "await client.close() before process.exit()",
  },
  {
    mistake: "a second init",
    program: `${CLIENT}await init({ initialConfiguration, assignmentLogger });`,
    names: "init called again: the former client is closed",
    wayOut: "getInstance() elsewhere",
  },
  {
    mistake: "getInstance before init",
    program: `${SET_UP}getInstance().getBooleanAssignment("new-checkout", "user-1", {}, false);`,
    names: "init() must be called before getInstance()",
    wayOut: "write `await init({ apiKey, … })` once",
  },
  {
    mistake: "a proxy in the environment variables that is not used",
    program: `${SET_UP}await init({ apiKey: "k", baseUrl: "http://127.0.0.1:1", assignmentLogger, initializationTimeoutMs: 3_000 });`,
    env: { HTTP_PROXY: "http://proxy.example:3128", NO_PROXY: "", no_proxy: "" },
    names:
      "refresh failed: no configuration from http://127.0.0.1:1 (ECONNREFUSED); HTTP_PROXY is set but not used",
    wayOut: 'the option proxy is "environment"',
  },
  {
    mistake: "an option of Eppo's SDK",
    program: `${SET_UP}await init({ initialConfiguration, banditLogger: { logBanditAction() {} } });`,
    names: "banditLogger: unknown option",
    wayOut:
      "logBanditAction, a method of assignmentLogger, see https://github.com/sortition/sortition/blob/main/docs/vendors/eppo.md",
  },
  {
    mistake: "an option of GrowthBook's SDK for a native client",
    program: `import { createClient } from "@sortition/node";
      import { growthbook } from "@sortition/growthbook/dialect";
      createClient({ dialect: growthbook(), clientKey: "sdk-1" });`,
    names: "clientKey: unknown option",
    wayOut:
      "use apiKey, see https://github.com/sortition/sortition/blob/main/docs/vendors/growthbook.md",
  },
  {
    mistake: "a typo in an option",
    program: `${SET_UP}await init({ initialConfiguration, asignmentLogger: null });`,
    names: "asignmentLogger: unknown option",
    wayOut: "did you mean assignmentLogger?",
  },
];
