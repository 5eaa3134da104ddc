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
    mistake: "no logger",
    program: `${SET_UP}const client = await init({ initialConfiguration });
      client.getBooleanAssignment("new-checkout", "user-1", {}, false);`,
    names: "exposures lost: 1 had no logger when the process exited",
    wayOut: "give the client an assignmentLogger, or null to log none",
  },
  {
    mistake: "process.exit before the logger has taken the exposure",
    program: `${SET_UP}const slow = { logAssignment: () => new Promise((done) => setTimeout(done, 60_000)) };
      const client = await init({ initialConfiguration, assignmentLogger: slow });
      client.getBooleanAssignment("new-checkout", "user-1", {}, false);
      process.exit();`,
    names: "exposures lost: 1 not delivered when the process exited",
    wayOut: "await client.close() before process.exit()",
  },
  {
    mistake: "process.exit before a logger has sent accepted exposures",
    program: `${SET_UP}const buffering = { logAssignment() {}, stats: () => ({ buffered: 3 }) };
      const client = await init({ initialConfiguration, assignmentLogger: buffering });
      client.getBooleanAssignment("new-checkout", "user-1", {}, false);
      process.exit();`,
    names: "exposures lost: 1 not delivered when the process exited",
    wayOut: "await client.close() before process.exit()",
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
];
