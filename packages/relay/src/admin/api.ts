import { isJsonObject, type JsonObject } from "@sortition/core/dialect";
import type { Context, Hono } from "hono";
import type { SeenRevision } from "../history/history.js";
import type { HttpEnv } from "../http/exchange.js";
import type { EnvironmentViews } from "../views/environment-views.js";
import { environmentOf, type RelayViews } from "../views/relay-views.js";
import { bodyText } from "../views/request-body.js";
import { RequestProblem } from "../views/request-problem.js";
import {
  attributesFrom,
  offsetFrom,
  parsedJson,
  type SubjectQuestion,
  timeFrom,
} from "../views/subject-question.js";

const BASE = "/api/v1";

/** Adds the JSON API, which returns what the pages show. */
export function addApi(app: Hono<HttpEnv>, views: RelayViews): void {
  const asked = ({ req }: Context): EnvironmentViews =>
    environmentOf(views, req.query("environment"));
  app.get(`${BASE}/environments`, (context) => {
    return context.json([...views.values()].map(environmentReport));
  });
  app.get(`${BASE}/flags`, async (context) => {
    const { from, search = "", state = "" } = context.req.query();
    return context.json(await asked(context).flags(search, state, offsetFrom(from)));
  });
  app.get(`${BASE}/flags/:key`, async (context) => {
    const { changes, issues, report } = await asked(context).flag(context.req.param("key"));
    return context.json({ ...report, issues, changes: changes.map(revisionReport) });
  });
  app.get(`${BASE}/changes`, (context) => {
    return context.json(asked(context).history.revisions.map(revisionReport));
  });
  app.get(`${BASE}/changes/:revision`, async (context) => {
    const { from, seen } = context.req.query();
    const seenAtMs = seen === undefined ? null : timeFrom(seen, 0);
    const { req } = context;
    const change = await asked(context).change(req.param("revision"), seenAtMs, offsetFrom(from));
    const { before, flags, revision } = change;
    return context.json({ ...revisionReport(revision), before: revisionReport(before), flags });
  });
  app.post(`${BASE}/explain`, async (context) => {
    const body = parsedJson("body", await bodyText(context));
    if (!isJsonObject(body)) throw new RequestProblem(400, "body: expected an object");
    const environment = environmentOf(views, textFrom(body, "environment"));
    const question = questionFrom(body, environment.nowMs);
    const { flagKey, revision, ...call } = question;
    return context.json(
      flagKey === null
        ? await environment.subject(revision, call)
        : await environment.explanation(revision, { ...call, flagKey }),
    );
  });
}

function environmentReport({ environment }: EnvironmentViews): object {
  const { config, configuration, name } = environment;
  const publishedAtMs = configuration?.publishedAtMs ?? null;
  return {
    name,
    dialect: config.dialect,
    isReady: configuration !== null,
    revision: configuration?.revision ?? null,
    publishedAt: publishedAtMs === null ? null : new Date(publishedAtMs).toISOString(),
    flags: configuration?.flagKeys.size ?? null,
  };
}

function revisionReport(seen: SeenRevision): object {
  const { changes, described, publishedAtMs, revision, seenAtMs } = seen;
  const keysOf = (change: string): readonly string[] =>
    [...(changes ?? [])].flatMap(([key, it]) => (it === change ? [key] : []));
  return {
    revision,
    seenAt: new Date(seenAtMs).toISOString(),
    publishedAt: publishedAtMs === null ? null : new Date(publishedAtMs).toISOString(),
    isComparable: changes !== null,
    ...{ added: keysOf("added"), changed: keysOf("changed"), removed: keysOf("removed") },
    summaries: described.map(({ key, summary }) => ({ flag: key, summary })),
  };
}

/** @throws RequestProblem that names the invalid member. */
function questionFrom(body: JsonObject, presentMs: number): SubjectQuestion {
  const unknown = Object.keys(body).find((name) => !MEMBERS.has(name));
  if (unknown !== undefined) throw new RequestProblem(400, `${unknown}: unknown`);
  const { attributes = {}, from = 0 } = body;
  const subjectKey = textFrom(body, "subjectKey");
  if (subjectKey === undefined) throw new RequestProblem(400, "subjectKey: expected a string");
  return {
    subjectKey,
    attributes: attributesFrom(attributes),
    nowMs: timeFrom(textFrom(body, "now") ?? "", presentMs),
    revision: textFrom(body, "revision") ?? null,
    flagKey: textFrom(body, "flag") ?? null,
    search: textFrom(body, "search") ?? "",
    from: offsetFrom(String(from)),
  };
}

const MEMBERS: ReadonlySet<string> = new Set([
  ...["environment", "subjectKey", "attributes", "now", "revision", "flag", "search", "from"],
]);

function textFrom(body: JsonObject, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || typeof value === "string") return value;
  throw new RequestProblem(400, `${name}: expected a string`);
}
