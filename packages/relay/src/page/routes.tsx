import type { Clock } from "@sortition/core";
import { MARK_FILE } from "@sortition/page-style";
import type { Context, Hono } from "hono";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { FlagExplanation } from "../explain/explain-flag.js";
import type { HttpEnv } from "../http/exchange.js";
import type { EnvironmentViews } from "../views/environment-views.js";
import { environmentOf, type RelayViews } from "../views/relay-views.js";
import { bodyText } from "../views/request-body.js";
import { RequestProblem } from "../views/request-problem.js";
import type { RelayStatus } from "../views/status.js";
import { offsetFrom, timeFrom } from "../views/subject-question.js";
import { ALL_CHANGES, pageAddress } from "./addresses.js";
import { BackToResults } from "./back-to-results.js";
import { ChangePage, ChangesPage } from "./changes.js";
import { FlagPage } from "./flag.js";
import { FlagsPage } from "./flags.js";
import { formNotes } from "./form-notes.js";
import type { Frame } from "./layout.js";
import { ProblemPage } from "./problem.js";
import { type CardData, RelayPage } from "./relay.js";
import type { SubjectAnswer } from "./results.js";
import { STYLE } from "./style.js";
import { SubjectPage } from "./subject.js";
import {
  type FieldMessages,
  type FormQuestion,
  readForm,
  type SubjectFields,
  subjectFields,
} from "./subject-form.js";

/** A policy by which the browser refuses what a payload could smuggle in, were it not escaped. */
const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

interface PagesParts {
  readonly clock: Clock;
  readonly views: RelayViews;
  status(): RelayStatus;
}

/** Adds the admin pages. They have no scripts. */
export function addPages(app: Hono<HttpEnv>, { clock, status, views }: PagesParts): void {
  app.get("/", (context) => {
    const [first = ""] = views.keys();
    return context.redirect(pageAddress(first, "subject"));
  });
  app.get("/page/style.css", (context) => {
    return context.body(STYLE, 200, { "content-type": "text/css; charset=utf-8" });
  });
  app.get("/page/icon.svg", (context) => {
    return context.body(MARK_FILE, 200, { "content-type": "image/svg+xml" });
  });
  const startedAtMs = clock.now();
  app.get("/page", async (context) => {
    const environments = await Promise.all(
      [...views].map(async ([name, view]) => [name, await cardOf(view)] as const),
    );
    const props = {
      ...{ cards: new Map(environments), frame: frameOf(views, null) },
      ...{ nowMs: clock.now(), startedAtMs, status: status() },
    };
    return sendPage(context, <RelayPage {...props} />);
  });
  app.get(ALL_CHANGES, (context) => {
    const all = [...views.values()].map(({ environment: { name }, history }) => {
      return { environment: name, revisions: history.revisions };
    });
    return sendPage(context, <ChangesPage frame={frameOf(views, null)} histories={all} />);
  });
  app.get("/page/:environment", (context) => {
    return context.redirect(pageAddress(placeOf(context, views).name, "subject"));
  });
  app.get("/page/:environment/flags", async (context) => {
    const { environment, frame, name } = placeOf(context, views);
    const { from, search = "", state = "" } = context.req.query();
    const view = await environment.flags(search, state, offsetFrom(from));
    const { nowMs } = environment;
    const props = { frame, search, state, view, nowMs, environment: name };
    return sendPage(context, <FlagsPage {...props} />);
  });
  app.get("/page/:environment/flag", async (context) => {
    const { environment, frame, name } = placeOf(context, views);
    const view = await environment.flag(context.req.query("key") ?? "");
    return sendPage(context, <FlagPage frame={frame} environment={name} view={view} />);
  });
  // The results open a flag's page with their form, so that the page can return to them.
  app.post("/page/:environment/flag", async (context) => {
    const { environment, frame, name } = placeOf(context, views);
    const { from = "", key = "" } = context.req.query();
    const view = await environment.flag(key);
    const results = <BackToResults environment={name} fields={await formOf(context)} from={from} />;
    const props = { frame, results, view, environment: name };
    return sendPage(context, <FlagPage {...props} />);
  });
  app.get("/page/:environment/changes", (context) => {
    const { environment, frame, name } = placeOf(context, views);
    const { revisions } = environment.history;
    const histories = [{ environment: name, revisions }];
    return sendPage(context, <ChangesPage frame={frame} histories={histories} />);
  });
  app.get("/page/:environment/change", async (context) => {
    const { environment, frame, name } = placeOf(context, views);
    const { from, revision = "", seen } = context.req.query();
    const seenAtMs = seen === undefined ? null : timeFrom(seen, 0);
    const view = await environment.change(revision, seenAtMs, offsetFrom(from));
    const props = { frame, view, environment: name };
    return sendPage(context, <ChangePage {...props} />);
  });
  app.get("/page/:environment/subject", (context) => {
    const { environment, frame, name } = placeOf(context, views);
    // An address never has a subject: it would be in histories and logs.
    const { compare = "", flag = "", now = "", revision = "", search = "" } = context.req.query();
    const fields = subjectFields(new URLSearchParams({ compare, flag, now, revision, search }));
    const props = { ...formPropsOf(environment), frame, environment: name, fields };
    return sendPage(context, <SubjectPage {...props} mistakes={{}} notes={{}} answer={null} />);
  });
  app.post("/page/:environment/subject", async (context) => {
    const { environment, frame, name } = placeOf(context, views);
    const fields = await formOf(context);
    const props = { ...formPropsOf(environment), frame, environment: name, fields };
    const sendMistakes = (status: 400 | 404, mistakes: FieldMessages) => {
      context.status(status);
      const page = <SubjectPage {...props} mistakes={mistakes} notes={{}} answer={null} />;
      return sendPage(context, page);
    };
    const read = readForm(fields, context.req.query("from"), environment.nowMs);
    if (read.kind === "mistakes") return sendMistakes(400, read.mistakes);
    try {
      const answer = await answerOf(environment, read.question);
      const { opened } = answer;
      const isUnknown = opened.every(({ kind }) => kind === "no-such-flag");
      if (opened.length > 0 && isUnknown) context.status(404);
      const notes = formNotes(fields, (it) => environment.findUnread(it));
      const page = <SubjectPage {...props} mistakes={{}} notes={notes} answer={answer} />;
      return sendPage(context, page);
    } catch (error) {
      if (!(error instanceof RequestProblem) || error.field === null) throw error;
      return sendMistakes(error.status === 404 ? 404 : 400, { [error.field]: error.message });
    }
  });
  app.post("/page/:environment/subject/text", async (context) => {
    const { environment } = placeOf(context, views);
    const read = readForm(await formOf(context), undefined, environment.nowMs);
    if (read.kind === "mistakes") {
      throw new RequestProblem(400, Object.values(read.mistakes).join("; "));
    }
    const { attributes, flagKey, nowMs, revision, subjectKey } = read.question;
    const call = { attributes, flagKey: flagKey ?? "", nowMs, subjectKey };
    const { flag, text, value } = await environment.explanation(revision, call);
    return context.text(`${flag}\n\n${JSON.stringify(value, null, 2)}\n\n${text}`);
  });
}

/** Evaluates flags, and explains the opened one. */
async function answerOf(
  environment: EnvironmentViews,
  { compare, flagKey, from, search, ...here }: FormQuestion,
): Promise<SubjectAnswer> {
  const part = { from, search };
  const opened: FlagExplanation[] = [];
  const there = compare === null ? null : { ...here, ...compare };
  for (const { revision, ...subject } of there === null ? [here] : [here, there]) {
    if (flagKey === null) break;
    opened.push(await environment.findExplanation(revision, { ...subject, flagKey }));
  }
  if (there !== null) {
    const comparison = await environment.compare(here, there, part);
    return { flags: comparison, comparison, opened };
  }
  const { revision, ...subject } = here;
  const page = await environment.subject(revision, { ...subject, ...part });
  const items = page.items.map((it) => ({ key: it.key, differs: false, here: it, there: null }));
  return { flags: { ...page, items }, comparison: null, opened };
}

/** Returns the choices and suggestions in the form of an environment. */
function formPropsOf({ attributes, environment, history: { revisions } }: EnvironmentViews) {
  const served = environment.configuration?.revision ?? null;
  return { attributes, revisions, served };
}

/** Returns what the status page shows of an environment, in addition to its status. */
async function cardOf(views: EnvironmentViews): Promise<CardData> {
  const { environment, history } = views;
  return {
    counts: await views.counts(),
    isFile: environment.config.input.kind === "file",
    lastChange: history.revisions.find(({ changes }) => changes !== null) ?? null,
  };
}

/** Sends the page of a problem. */
export function sendProblem(
  context: Context,
  views: RelayViews,
  problem: RequestProblem,
): Response | Promise<Response> {
  context.status(problem.status);
  const name = context.req.path.split("/")[2] ?? "";
  const frame = frameOf(views, views.has(name) ? name : null);
  return sendPage(context, <ProblemPage frame={frame} problem={problem} />);
}

interface Place {
  readonly environment: EnvironmentViews;
  readonly name: string;
  readonly frame: Frame;
}

/** @throws RequestProblem if there is no such environment. */
function placeOf({ req }: Context, views: RelayViews): Place {
  const environment = environmentOf(views, req.param("environment"));
  const { name } = environment.environment;
  return { environment, name, frame: frameOf(views, name) };
}

function frameOf(views: RelayViews, environment: string | null): Frame {
  const environments = [...views.values()].map(({ environment: { config, name, status } }) => ({
    name,
    dialect: config.dialect,
    state: status?.state ?? null,
  }));
  return { environments, environment };
}

/** @throws RequestProblem for another content than that of a form. */
async function formOf(context: Context<HttpEnv>): Promise<SubjectFields> {
  const type = context.req.header("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    throw new RequestProblem(415, "the request does not contain a form");
  }
  return subjectFields(new URLSearchParams(await bodyText(context)));
}

function sendPage(context: Context, page: JSX.Element): Response | Promise<Response> {
  context.header("content-security-policy", POLICY);
  return context.html(`<!doctype html>${page}`);
}
