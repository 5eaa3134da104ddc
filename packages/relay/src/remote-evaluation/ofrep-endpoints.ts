import type { Endpoint, EndpointCall } from "../http/endpoint.js";
import { type EventStreams, lastEventId } from "../http/event-streams.js";
import { RETRY_SECONDS } from "../http/retry-after.js";
import { sendJson, sendProblem } from "../http/send.js";
import { EVALUATE_ALL, EVALUATE_ONE, EVENTS, type TicketAddresses } from "./addresses.js";
import {
  type Caller,
  type CallerParts,
  type EvaluatingCaller,
  identifyCaller,
  requireEvaluation,
} from "./caller.js";
import { answerOf, type FlagAnswer, notFound } from "./ofrep-answer.js";
import { type BulkAddresses, bulkAnswerOf } from "./ofrep-bulk.js";
import { refetchWire } from "./ofrep-events.js";
import { type BadRequest, readContext, readJson } from "./request.js";

export interface OfrepParts extends CallerParts {
  readonly streams: EventStreams;
  readonly addresses: TicketAddresses;
  readonly spreadMs: number;
}

/** How long a request for a revision waits until this replica has it. */
const REVISION_WAIT_MS = 2_000;

/** OpenFeature's remote evaluation protocol, for environments that evaluate. */
export function ofrepEndpoints(parts: OfrepParts): readonly Endpoint[] {
  const { addresses, spreadMs, streams } = parts;
  const wire = refetchWire(spreadMs);
  return [
    {
      method: "POST",
      template: EVALUATE_ONE,
      async answer(call) {
        const caller = identifyCaller(call, EVALUATE_ONE, parts, null);
        if (caller !== null) await sendOne(call, caller);
        return caller?.token.name ?? null;
      },
    },
    {
      method: "POST",
      template: EVALUATE_ALL,
      async answer(call) {
        const caller = identifyCaller(call, EVALUATE_ALL, parts, null);
        if (caller !== null) await sendAll(call, caller, addresses);
        return caller?.token.name ?? null;
      },
    },
    {
      method: "GET",
      template: EVENTS,
      async answer(call) {
        const caller = identifyCaller(call, EVENTS, parts, "events");
        if (caller === null) return null;
        const { cors, environment, token } = caller;
        const { exchange, request } = call;
        const held = lastEventId(exchange) ?? request.query("revision") ?? null;
        if (!streams.open(exchange, environment, wire, cors, held)) {
          const headers = { ...cors, "retry-after": `${RETRY_SECONDS}` };
          sendProblem(exchange, 503, "too many streams", headers);
        }
        return token.name;
      },
    },
  ];
}

/** Evaluates one flag, and logs the exposure, as the vendors' SDKs for servers do. */
async function sendOne(call: EndpointCall, caller: Caller): Promise<void> {
  const key = call.request.param("key") ?? "";
  const evaluating = requireEvaluation(call, caller);
  if (evaluating === null) return;
  const body = await readJson(call.exchange);
  if (body.kind === "bad") return sendBad(call, caller, body, key);
  const { configuration, environment, evaluation, token } = evaluating;
  const reading = readContext(body.value, configuration.dialect);
  if (reading.kind === "bad") return sendBad(call, caller, reading, key);
  const answer = token.hasFlag(key)
    ? answerOf(
        evaluation.logged,
        key,
        reading.subject,
        factsOf(evaluating, environment.isStale, false),
      )
    : notFound(key);
  sendJson(call.exchange, statusOf(answer), jsonOf(answer), caller.cors);
}

/** Evaluates all flags of the token, for a caller that keeps them. */
async function sendAll(
  call: EndpointCall,
  caller: Caller,
  addresses: TicketAddresses,
): Promise<void> {
  if (requireEvaluation(call, caller) === null) return;
  const { exchange, request } = call;
  const { cors, environment, token } = caller;
  const body = await readJson(exchange);
  if (body.kind === "bad") return sendBad(call, caller, body);
  const wanted = request.query("flagConfigEtag");
  if (wanted !== undefined) await environment.waitForRevision(wanted, REVISION_WAIT_MS);
  // Not the configuration of before the wait.
  const evaluating = requireEvaluation(call, caller);
  if (evaluating === null) return;
  const reading = readContext(body.value, evaluating.configuration.dialect);
  if (reading.kind === "bad") return sendBad(call, caller, reading);
  const facts = factsOf(evaluating, environment.isStale, true);
  const answer = bulkAnswerOf(
    evaluating.evaluation,
    token,
    reading.subject,
    facts,
    addressesOf(evaluating, addresses),
  );
  const headers = { ...cors, etag: answer.etag };
  // A request after a change gets the flags in any case, so that its tag cannot hide the change.
  if (wanted === undefined && request.header("if-none-match") === answer.etag) {
    exchange.outgoing.writeHead(304, headers).end();
    return;
  }
  sendJson(exchange, 200, answer.body, headers);
}

function addressesOf(
  { configuration, environment, token }: EvaluatingCaller,
  addresses: TicketAddresses,
): BulkAddresses {
  const { origin } = addresses;
  return {
    events: {
      ...(origin !== null && { origin }),
      requestUri: addresses.events(environment, token, configuration.revision),
    },
    exposures:
      environment.config.loggers.length === 0 ? null : addresses.exposures(environment, token),
  };
}

function factsOf(
  { configuration }: EvaluatingCaller,
  isStale: boolean,
  isBulk: boolean,
): Parameters<typeof answerOf>[3] {
  return { dialect: configuration.dialect.name, isStale, isBulk };
}

function statusOf(answer: FlagAnswer): number {
  if (!("errorCode" in answer)) return 200;
  return answer.errorCode === "FLAG_NOT_FOUND" ? 404 : 400;
}

/** @param key - of the flag that was asked for; absent: all were. */
function sendBad(
  { exchange }: EndpointCall,
  { cors }: Caller,
  { errorCode, errorDetails, status }: BadRequest,
  key?: string,
): void {
  // The rest of a long body is not read, so the connection cannot be used again.
  const headers = status === 413 ? { ...cors, connection: "close" } : cors;
  sendJson(exchange, status, jsonOf({ key, errorCode, errorDetails }), headers);
}

function jsonOf(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
