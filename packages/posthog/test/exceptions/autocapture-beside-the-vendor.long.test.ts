import { fileURLToPath } from "node:url";
import { startChild } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";

const CWD: string = fileURLToPath(new URL("../../", import.meta.url));

/**
 * `client` and `other` send to one project, and `third` to another. The process ends on its own, and prints what each
 * client captured.
 */
const PRELUDE = `
const { PostHog } = await import(process.env.PACKAGE);
const captured = [];
const clientOf = (name, key) => {
  const client = new PostHog(key, {
    enableExceptionAutocapture: true,
    disableCompression: true,
    flushInterval: 0,
    fetch: async (url, { body }) => {
      for (const { event, properties } of JSON.parse(body).batch) {
        const { $exception_list: [first] = [], by, tag } = properties;
        captured.push([key, event, first?.value, first?.mechanism.type, by, tag].join(" "));
      }
      return { status: 200, text: async () => "", json: async () => ({}) };
    },
  });
  return client;
};
const client = clientOf("client", "phc_one");
const other = clientOf("other", "phc_one");
const third = clientOf("third", "phc_two");
const survive = () => process.on("uncaughtException", () => {});
const turns = async () => { for (let i = 0; i < 4; i++) await new Promise(setImmediate); };
const later = (work) =>
  new Promise((resolve) => setTimeout(() => { setTimeout(() => turns().then(resolve), 30); work(); }, 1));
const reject = (reason) => later(() => void Promise.reject(reason));
const sendAll = async () => { for (const it of [client, other, third]) await it.shutdown(); };
process.on("exit", () => console.log(JSON.stringify(captured.sort())));
`;
const KEPT = `process.on("unhandledRejection", () => {});`;
const ERROR = `const error = new Error("boom");`;

const CASES: Readonly<Record<string, string>> = {
  "two clients of one project": `survive(); ${ERROR} await later(() => { throw error; }); await sendAll();`,
  "a crash, with two clients of one project": `setTimeout(() => { throw new Error("boom"); }, 1);`,
  "captured and thrown again": `survive(); ${ERROR}
    await later(() => { client.captureException(error, "alice", { by: "call" }); throw error; }); await sendAll();`,
  "captured by the listener of the application": `${ERROR}
    process.on("uncaughtException", (it) => client.captureException(it, "alice", { by: "listener" }));
    await later(() => { throw error; }); await sendAll();`,
  "captured after it was captured by itself": `survive(); ${ERROR}
    process.on("uncaughtException", (it) => {
      void client.flush();
      client.captureException(it, "alice", { by: "listener" });
    });
    await later(() => { throw error; }); await sendAll();`,
  "the same twice, in two turns": `survive(); ${ERROR}
    await later(() => { throw error; }); await later(() => { throw error; }); await sendAll();`,
  "the same twice by calls": `${ERROR} client.captureException(error); client.captureException(error); await sendAll();`,
  "a flush in the listener, which ends the process": `${ERROR}
    process.on("uncaughtException", async () => { await third.flush(); await client.flush(); process.exit(3); });
    await later(() => { throw error; });`,
  "a shutdown in the listener, which ends the process": `${ERROR}
    process.on("uncaughtException", async () => { await client.shutdown(); await third.shutdown(); process.exit(3); });
    await later(() => { throw error; });`,
  "the context of the rejection": `${KEPT} process.on("unhandledRejection", () => void client.flush());
    const data = { properties: { tag: "inner" } };
    await client.withContext(data, () => third.withContext(data, () => reject(new Error("boom")))); await sendAll();`,
  "a rejection whose listener throws it": `process.on("unhandledRejection", (it) => { throw it; }); survive();
    await reject(new Error("boom")); await sendAll();`,
  "an abort that nobody awaits": `${KEPT} await reject(AbortSignal.abort().reason); await sendAll();`,
  "an abort that is thrown": `survive(); await later(() => { throw AbortSignal.abort().reason; }); await sendAll();`,
  "signals of frameworks": `${KEPT} survive();
    for (const digest of ["HANGING_PROMISE_REJECTION", "DYNAMIC_SERVER_USAGE", "12345"]) {
      await reject(Object.assign(new Error(digest), { digest }));
      await reject(new Error("caused", { cause: { digest } }));
      await later(() => { throw Object.assign(new Error("thrown " + digest), { digest }); });
    }
    await reject({ $$typeof: Symbol.for("react.postpone") });
    await sendAll();`,
  "a crash by a signal of a framework": `setTimeout(() => { throw Object.assign(new Error("boom"), { digest: "DYNAMIC_SERVER_USAGE" }); }, 1);`,
  "errors that another library has captured": `${KEPT}
    const error = Object.assign(new Error("boom"), { __posthog_previously_captured_error: true });
    await reject(error); client.captureException(error); await client.captureExceptionImmediate(error);
    client.captureException(Object.assign(new Error("other"), { __posthog_previously_captured_error: "yes" }));
    await sendAll();`,
  primitives: `${KEPT} survive();
    await reject("text"); await reject(null); await later(() => { client.captureException("same"); throw "same"; }); await sendAll();`,
};

async function endOf(name: string, script: string): Promise<unknown> {
  const env = { PACKAGE: name };
  const { exitCode, stdout } = await startChild({ cwd: CWD, script: PRELUDE + script, env }).ended;
  return { exitCode, captured: JSON.parse(stdout.trim().split("\n").at(-1) ?? "") };
}

describe("automatically captured exceptions equal the vendor's", () => {
  it.concurrent.each(Object.entries(CASES))("%s", async (_, script) => {
    const [ours, theirs] = await Promise.all([
      endOf("@sortition/posthog", script),
      endOf("posthog-node", script),
    ]);
    expect(ours).toEqual(theirs);
  });
});
