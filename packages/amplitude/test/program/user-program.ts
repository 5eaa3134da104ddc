// A user's program with remote and local evaluation, cookies, a custom logger and tracking. Only
// its import line changes with the package.
import { AmplitudeCookie, Experiment, LogLevel } from "@amplitude/experiment-node-server";

const url = process.env["EXPERIMENT_URL"] ?? "";
const journal: unknown[] = [];
const note = (what: string, value: unknown): void => void journal.push([what, value]);

/** A logger that keeps its lines by level. */
function keepingLogger(owner: string) {
  const at =
    (level: string) =>
    (message?: string): void =>
      note(`${owner} logs ${level}`, message);
  return {
    verbose: at("verbose"),
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
  };
}

const messageOf = async (call: () => Promise<unknown>): Promise<unknown> =>
  await call().catch((error) => ({ statusCode: error.statusCode }));

// Identity cookies of the browser, in both formats.
for (const newFormat of [false, true]) {
  note("cookie name", AmplitudeCookie.cookieName("1234567890abc", newFormat));
  const cookie = AmplitudeCookie.generate("device-1", newFormat);
  note("cookie", [cookie, AmplitudeCookie.parse(cookie, newFormat)]);
}
note("cookie of a user", AmplitudeCookie.parse("device-1.dGVzdEBleGFtcGxlLmNvbQ==...", false));

// Remote evaluation.
const remote = Experiment.initializeRemote("remote-key", {
  serverUrl: url,
  fetchRetries: 1,
  fetchRetryBackoffMinMillis: 1,
  loggerProvider: keepingLogger("remote"),
  logLevel: LogLevel.Debug,
});
note("same instance", Experiment.initializeRemote("remote-key") === remote);
const alice = { user_id: "alice", device_id: "phone", user_properties: { plan: "pro" } };
note("variants", await remote.fetchV2(alice));
note("some variants", await remote.fetchV2(alice, { flagKeys: ["banner"], tracksExposure: true }));
note("without defaults", await remote.fetch(alice));
note("after a failure", await remote.fetchV2({ user_id: "fails-once" }));
note("refused", await messageOf(() => remote.fetchV2({ user_id: "refused" })));

// Local evaluation with cohorts and tracking.
const upload = { apiKey: "analytics-key", flushQueueSize: 1, flushIntervalMillis: 10 };
const local = Experiment.initializeLocal("local-key", {
  serverUrl: url,
  cohortSyncConfig: { apiKey: "a", secretKey: "s", cohortServerUrl: url },
  assignmentConfig: { ...upload, serverUrl: `${url}/2/httpapi` },
  exposureConfig: { ...upload, serverUrl: `${url}/2/httpapi` },
  loggerProvider: keepingLogger("local"),
  logLevel: LogLevel.Warn,
});
await local.start();
const users = [
  { user_id: "alice", groups: { org: ["acme"] } },
  { user_id: "bob", device_id: "laptop", user_properties: { plan: "free", version: "2.1.0" } },
  { device_id: "only-a-device" },
];
for (const user of users) {
  note("evaluated", local.evaluateV2(user, undefined, { tracksExposure: true }));
  note("written to the user", user);
}
note("one flag", local.evaluateV2({ user_id: "alice" }, ["banner", "unknown"]));
note("no flag", local.evaluateV2({ user_id: "alice" }, []));
note("deprecated", await local.evaluate({ user_id: "carol" }));

// All uploads are delivered before the program ends.
const expected = Number(process.env["EXPERIMENT_EVENTS"]);
for (let i = 0; i < 2_000; i++) {
  const { events } = (await (await fetch(`${url}/uploaded`)).json()) as { events: number };
  if (events >= expected) break;
  await new Promise((resolve) => void setTimeout(resolve, 10));
}
local.stop();
console.log(JSON.stringify(journal));
process.exit(0);
