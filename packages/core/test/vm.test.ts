import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Context, createContext, Script } from "node:vm";
import { conformanceFolder } from "@sortition/test-kit";
import { describe, expect, it } from "vitest";
import * as outsideEppo from "../src/eppo.js";
import * as outside from "../src/index.js";

/** The built package, because what users install must run anywhere, not only its source. */
const dist = fileURLToPath(new URL("../dist/", import.meta.url));

/** Evaluates the CommonJS bundle in a realm that has only the language. */
function loadBare(): Context {
  const context = createContext(Object.create(null));
  // A V8 realm has the language, and a console for the inspector.
  new Script("delete globalThis.console; delete globalThis.WebAssembly;").runInContext(context);
  const loaded = new Map<string, object>();
  const load = (file: string): object => {
    const known = loaded.get(file);
    if (known !== undefined) return known;
    const module = { exports: {} };
    loaded.set(file, module.exports);
    const text = readFileSync(join(dist, file), "utf8");
    const run = new Script(`(function (module, exports, require) {${text}\n})`, { filename: file });
    run.runInContext(context)(module, module.exports, (path: string) => load(path.slice(2)));
    loaded.set(file, module.exports);
    return module.exports;
  };
  context["sortition"] = { ...load("index.cjs"), ...load("eppo.cjs") };
  return context;
}

/** One call to a client. */
interface Question {
  readonly getter: string;
  readonly flag: string;
  readonly subject: string;
  readonly attributes: unknown;
  readonly fallback: unknown;
}

type Api = Pick<typeof outside, "Configuration" | "createClient"> &
  Pick<typeof outsideEppo, "eppo">;

/** Results with details and events as JSON. The source of the function also runs in the bare realm: it has no imports. */
function answerAll(api: Api, body: string, questionsJson: string): string {
  const events: object[] = [];
  const client = api.createClient({
    initialConfiguration: api.Configuration.from({
      dialect: api.eppo(),
      payloads: { flags: body },
      fetchedAtMs: 0,
    }),
    assignmentLogger: { logAssignment: (event) => events.push(event) },
    clock: { now: () => 1_770_000_000_000 },
    diagnostics: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const questions: Question[] = JSON.parse(questionsJson);
  const answers = questions.map(({ getter, flag, subject, attributes, fallback }) => {
    const ask = client[getter as "getStringAssignmentDetails"].bind(client);
    const { value, reason, evaluationDetails, exposure } = ask(
      flag,
      subject,
      attributes as outside.Attributes,
      fallback as string,
    );
    return { value, reason, evaluationDetails, exposure };
  });
  return JSON.stringify({ answers, events, revision: client.status.revision });
}

function answerBare(body: string, questions: readonly Question[]): unknown {
  const context = loadBare();
  context["body"] = body;
  context["questions"] = JSON.stringify(questions);
  const script = new Script(`(${answerAll.toString()})(sortition, body, questions)`);
  return JSON.parse(script.runInContext(context));
}

function answerOutside(body: string, questions: readonly Question[]): unknown {
  return JSON.parse(answerAll({ ...outside, ...outsideEppo }, body, JSON.stringify(questions)));
}

const getters: Readonly<Record<string, string>> = {
  BOOLEAN: "getBooleanAssignmentDetails",
  INTEGER: "getIntegerAssignmentDetails",
  NUMERIC: "getNumericAssignmentDetails",
  STRING: "getStringAssignmentDetails",
  JSON: "getJSONAssignmentDetails",
};

const ownBody = JSON.stringify({
  createdAt: "2026-01-01T00:00:00.000Z",
  format: "SERVER",
  environment: { name: "Bare" },
  flags: {
    checkout: {
      key: "checkout",
      enabled: true,
      variationType: "STRING",
      totalShards: 10_000,
      variations: {
        control: { key: "control", value: "é😀" },
        treatment: { key: "treatment", value: "two" },
      },
      allocations: [
        {
          key: "pros",
          rules: [
            {
              conditions: [
                { attribute: "plan", operator: "MATCHES", value: "^pro" },
                { attribute: "app", operator: "GTE", value: "1.10.0" },
              ],
            },
          ],
          splits: [{ shards: [], variationKey: "treatment" }],
          doLog: true,
        },
        {
          key: "everybody",
          startAt: "2026-01-01T00:00:00.000Z",
          splits: [
            {
              shards: [{ salt: "s", ranges: [{ start: 0, end: 5_000 }] }],
              variationKey: "control",
              extraLogging: { holdoutKey: "h" },
            },
            { shards: [], variationKey: "treatment" },
          ],
          doLog: true,
        },
      ],
    },
    broken: { key: "broken", enabled: true, variationType: "STRING", allocations: 5 },
  },
});

const ownQuestions: readonly Question[] = ["alice", "bob", "zoë", "😀", "\ud800", ""].flatMap(
  (subject) =>
    ["checkout", "broken", "missing"].flatMap((flag) =>
      [{}, { plan: "pro", app: "1.12.0" }, { plan: "free" }].map((attributes) => ({
        getter: "getStringAssignmentDetails",
        flag,
        subject,
        attributes,
        fallback: "default",
      })),
    ),
);

describe("in a realm without a platform", () => {
  it("none of the usual globals exists", () => {
    const names = ["Buffer", "process", "setTimeout", "fetch", "TextDecoder", "AbortController"];
    const more = ["URL", "crypto", "performance", "console", "queueMicrotask", "require"];
    const found = [...names, ...more].filter(
      (name) => new Script(`typeof ${name}`).runInContext(loadBare()) !== "undefined",
    );
    expect(found).toEqual([]);
  });

  it("our own configuration has the same results as outside", () => {
    expect(answerBare(ownBody, ownQuestions)).toEqual(answerOutside(ownBody, ownQuestions));
  });

  it("results differ by subject", () => {
    const { answers } = answerBare(ownBody, ownQuestions) as { answers: { value: string }[] };
    expect(new Set(answers.map(({ value }) => value))).toEqual(new Set(["é😀", "two", "default"]));
  });

  it.each(["flush", "close", "waitForInitialization", "refresh"])("%s settles", async (call) => {
    const context = loadBare();
    const client = new Script("sortition.createClient({ dialect: sortition.eppo() })").runInContext(
      context,
    );
    await expect(client[call]()).resolves.toBeTypeOf("object");
  });

  it("a static source is served", async () => {
    const context = loadBare();
    context["body"] = ownBody;
    const client = new Script(`
      const dialect = sortition.eppo();
      const configuration = sortition.Configuration.from({ dialect, payloads: { flags: body } });
      sortition.createClient({ source: sortition.staticSource(configuration), initializationTimeoutMs: 0 });
    `).runInContext(context);
    await new Promise((resolve) => setImmediate(resolve));
    expect([client.status.state, client.status.source]).toEqual(["ready", "static"]);
    await client.close();
  });

  const folder = conformanceFolder("eppo");
  const forms = ["flags-v1.json", "flags-v1-obfuscated.json"];
  it.skipIf(folder === null).each(forms)(
    "the vendor's cases for %s have the same results as outside",
    (file) => {
      const ufc = join(folder!, "eppo/ufc");
      const body = readFileSync(join(ufc, file), "utf8");
      const questions = readdirSync(join(ufc, "tests")).flatMap((name): Question[] => {
        const cases = JSON.parse(readFileSync(join(ufc, "tests", name), "utf8"));
        return cases.subjects.map((it: { subjectKey: string; subjectAttributes: unknown }) => ({
          getter: getters[cases.variationType]!,
          flag: cases.flag,
          subject: it.subjectKey,
          attributes: it.subjectAttributes,
          fallback: cases.defaultValue,
        }));
      });
      expect(questions.length).toBeGreaterThan(200);
      expect(answerBare(body, questions)).toEqual(answerOutside(body, questions));
    },
  );
});
