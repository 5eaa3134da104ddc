import { isJsonObject } from "@sortition/core/dialect";
import { type ContextSubject, requestFor } from "@sortition/openfeature/resolution";
import type { Endpoint, EndpointCall } from "../http/endpoint.js";
import { RETRY_SECONDS } from "../http/retry-after.js";
import { sendJson, sendProblem } from "../http/send.js";
import { EXPOSURES } from "./addresses.js";
import { admitExposures } from "./admission.js";
import {
  type CallerParts,
  type EvaluatingCaller,
  identifyCaller,
  requireEvaluation,
} from "./caller.js";
import { headersOfBad, readContext, readJson } from "./request.js";
import { type EvaluationTurns, TOO_LONG } from "./turns.js";

const MAX_FLAGS = 100;
const MAX_CONTEXT_BYTES = 8 * 1_024;

/** A flag that a page displayed. */
interface SeenFlag {
  readonly key: string;
  /** `null`: the evaluation had no variant. */
  readonly variant: string | null;
}

/**
 * Why an exposure was not logged: the subject now gets another variant, the flag is unknown, its exposures are not logged, or
 * the environment has no loggers.
 */
type NotLogged = "changed" | "unknown" | "not-logged" | "no-logger";

/** Creates the endpoint to which web pages report the flags that they displayed. */
export function exposuresEndpoint(
  parts: CallerParts & { readonly turns: EvaluationTurns },
): Endpoint {
  return {
    method: "POST",
    template: EXPOSURES,
    async answer(call) {
      const caller = identifyCaller(call, EXPOSURES, parts, "exposures");
      if (caller === null) return null;
      const evaluating = requireEvaluation(call, caller);
      if (evaluating !== null) await receive(call, evaluating, parts.turns);
      return caller.token.name;
    },
  };
}

async function receive(
  call: EndpointCall,
  evaluating: EvaluatingCaller,
  evaluationTurns: EvaluationTurns,
): Promise<void> {
  const { exchange } = call;
  const { configuration, cors } = evaluating;
  const refuse = (status: number, problem: string, headers = {}): void =>
    sendProblem(exchange, status, problem, { ...cors, ...headers });
  const body = await readJson(exchange, true);
  if (body.kind === "bad") return refuse(body.status, body.errorDetails, headersOfBad(body));
  const reading = readContext(body.value, configuration.dialect);
  if (reading.kind === "bad") return refuse(reading.status, reading.errorDetails);
  const { context, flags: list } = body.value as Readonly<Record<string, unknown>>; // an object, because it has a context
  // Each event contains the attributes, so a large context would create megabytes of events.
  if (Buffer.byteLength(JSON.stringify(context)) > MAX_CONTEXT_BYTES) {
    return refuse(413, "context: longer than 8 KiB");
  }
  const flags = flagsOf(list);
  if (typeof flags === "string") return refuse(400, flags);
  if (!admitExposures(call, evaluating, "report")) return;
  const turns = evaluationTurns.begin();
  const notLogged: { readonly key: string; readonly reason: NotLogged }[] = [];
  for (const flag of flags) {
    // A page reports all of them again, and those that were logged are not logged twice.
    if (!(await turns.next())) return refuse(503, TOO_LONG, { "retry-after": `${RETRY_SECONDS}` });
    const reason = log(evaluating, reading.subject, flag);
    if (reason !== null) notLogged.push({ key: flag.key, reason });
  }
  sendJson(exchange, 202, Buffer.from(JSON.stringify({ notLogged })), cors);
}

/** Returns the flags of a body, or a message about what is wrong with them. */
function flagsOf(list: unknown): readonly SeenFlag[] | string {
  if (!Array.isArray(list) || list.length > MAX_FLAGS) {
    return `flags: expected a list of at most ${MAX_FLAGS}`;
  }
  const flags: SeenFlag[] = [];
  for (const [index, it] of list.entries()) {
    const { key, variant = null } = isJsonObject(it) ? it : {};
    if (typeof key !== "string") return `flags[${index}].key: expected a string`;
    if (variant !== null && typeof variant !== "string") {
      return `flags[${index}].variant: expected a string`;
    }
    flags.push({ key, variant });
  }
  return flags;
}

/** Logs an exposure if the subject still gets the variant. Returns the reason if it was not logged, otherwise `null`. */
function log(
  { environment, evaluation, token }: EvaluatingCaller,
  subject: ContextSubject,
  { key, variant }: SeenFlag,
): NotLogged | null {
  if (!token.hasFlag(key)) return "unknown";
  const request = { flagKey: key, ...requestFor(subject) };
  const { reason, variationKey } = evaluation.quiet.evaluate(request);
  if (reason === "flag-not-found") return "unknown";
  if (variationKey !== variant) return "changed";
  if (!environment.checkLoggers()) return "no-logger";
  const { exposure } = evaluation.logged.evaluate(request);
  return exposure.logged || exposure.reason === "deduplicated" ? null : "not-logged";
}
