import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { Configuration } from "@sortition/core";
import { HASHED_KEYS, hasHashedKeys } from "../../environment/hashed-keys.js";
import { isCompressed, isHeld } from "../../http/conditional.js";
import type { Endpoint, EndpointCall } from "../../http/endpoint.js";
import { type EventStreams, lastEventId } from "../../http/event-streams.js";
import { RETRY_SECONDS } from "../../http/retry-after.js";
import { sendJson, sendProblem } from "../../http/send.js";
import { COMMENTS, type StreamWire } from "../../vendors/route.js";
import { EVALUATE_ALL, EVALUATE_ONE, EVENTS, type TicketAddresses } from "../addresses.js";
import { admitExposures } from "../admission.js";
import {
  type Caller,
  type CallerParts,
  type EvaluatingCaller,
  identifyCaller,
  requireEvaluation,
} from "../caller.js";
import { type BadRequest, headersOfBad, readContext, readJson } from "../request.js";
import { type EvaluationTurns, TOO_LONG } from "../turns.js";
import { answerOf, type FlagAnswer, notFound } from "./answer.js";
import { type BulkAddresses, type BulkAnswer, bulkAnswerOf, keysFor } from "./bulk.js";

export interface OfrepParts extends CallerParts {
  readonly streams: EventStreams;
  readonly addresses: TicketAddresses;
  readonly spreadMs: number;
  readonly turns: EvaluationTurns;
}

/** How long a request for a revision waits until this replica has it. */
const REVISION_WAIT_MS = 2_000;

/** Creates the endpoints of OpenFeature's remote evaluation protocol. */
export function ofrepEndpoints(parts: OfrepParts): readonly Endpoint[] {
  const { spreadMs, streams } = parts;
  /** Tells providers to fetch the flags again. The time is spread, so that their requests are spread, too. */
  const wire: StreamWire = {
    idOf: ({ revision }) => revision,
    eventOf({ revision }) {
      const data = JSON.stringify({ type: "refetchEvaluation", etag: revision });
      return Buffer.from(`id: ${revision}\ndata: ${data}\n\n`);
    },
    ...COMMENTS,
    spreadMs,
  };
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
        if (caller !== null) await sendAll(call, caller, parts);
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
        const hasTicket = request.query("ticket") !== undefined;
        const stream = { environment, wire, headers: cors, held, token, hasTicket };
        if (!streams.open(exchange, stream)) {
          const headers = { ...cors, "retry-after": `${RETRY_SECONDS}` };
          sendProblem(exchange, 503, "too many streams", headers);
        }
        return token.name;
      },
    },
  ];
}

/** Evaluates one flag and logs the exposure, as the vendors' server SDKs do. */
async function sendOne(call: EndpointCall, caller: Caller): Promise<void> {
  const key = call.request.param("key") ?? "";
  const evaluating = requireEvaluation(call, caller);
  if (evaluating === null) return;
  const body = await readJson(call.exchange);
  if (body.kind === "bad") return sendBad(call, caller, body, key);
  const { configuration, environment, evaluation, token } = evaluating;
  const reading = readContext(body.value, configuration.dialect);
  if (reading.kind === "bad") return sendBad(call, caller, reading, key);
  if (!admitExposures(call, caller, "evaluation")) return;
  const { dialect } = configuration;
  const facts = { dialect, isStale: environment.isStale, isBulk: false };
  const answer = token.hasFlag(key)
    ? answerOf(evaluation.logged, key, reading.subject, facts)
    : notFound(key);
  sendJson(call.exchange, statusOf(answer), jsonOf(answer), caller.cors);
}

/** Evaluates all flags of the token, for a caller that caches them. */
async function sendAll(
  call: EndpointCall,
  caller: Caller,
  parts: Pick<OfrepParts, "addresses" | "turns">,
): Promise<void> {
  if (requireEvaluation(call, caller) === null) return;
  const { exchange, request } = call;
  const { cors, environment } = caller;
  const body = await readJson(exchange);
  if (body.kind === "bad") return sendBad(call, caller, body);
  const wanted = request.query("flagConfigEtag");
  if (wanted !== undefined) await environment.waitForRevision(wanted, REVISION_WAIT_MS);
  const answer = await evaluateAll(call, caller, body.value, parts);
  if (answer === null) return;
  const { body: plain, sha256 } = answer;
  const requested = exchange.incoming.headers;
  const compressed = isCompressed(requested, plain) ? await compress(plain) : null;
  const headers = {
    ...cors,
    etag: compressed === null ? `"${sha256}"` : `"${sha256}-gzip"`,
    vary: "accept-encoding, origin",
  };
  // A request after a change always gets the flags, so that its tag cannot hide the change.
  if (wanted === undefined && isHeld(request.header("if-none-match"), sha256)) {
    exchange.outgoing.writeHead(304, headers).end();
    return;
  }
  const encoding = compressed === null ? {} : { "content-encoding": "gzip" };
  sendJson(exchange, 200, compressed ?? plain, { ...headers, ...encoding });
}

const compress = promisify(gzip);

/** Sends an error and returns `null` if the flags cannot be evaluated. */
async function evaluateAll(
  call: EndpointCall,
  caller: Caller,
  body: unknown,
  { addresses, turns: evaluationTurns }: Pick<OfrepParts, "addresses" | "turns">,
): Promise<BulkAnswer | null> {
  const { cors, environment, token } = caller;
  const turns = evaluationTurns.begin();
  let answer: BulkAnswer | null = null;
  // If another configuration is received between two turns, all flags are evaluated again, so that they belong together.
  for (let evaluated: Configuration | null = null; ; ) {
    const evaluating = requireEvaluation(call, caller);
    if (evaluating === null) return null;
    const { configuration, evaluation } = evaluating;
    if (configuration === evaluated) return answer;
    evaluated = configuration;
    const reading = readContext(body, configuration.dialect);
    if (reading.kind === "bad") {
      sendBad(call, caller, reading);
      return null;
    }
    const keys = keysFor(token, configuration);
    if (keys.length === 0 && hasHashedKeys(configuration)) {
      sendFailure(call, HASHED_KEYS, cors);
      return null;
    }
    const { dialect } = configuration;
    const facts = { dialect, isStale: environment.isStale, isBulk: true };
    const urls = addressesOf(evaluating, addresses);
    answer = await bulkAnswerOf(evaluation, keys, reading.subject, facts, urls, turns);
    if (answer === null) {
      sendFailure(call, TOO_LONG, { ...cors, "retry-after": `${RETRY_SECONDS}` });
      return null;
    }
  }
}

function sendFailure(
  { exchange }: EndpointCall,
  errorDetails: string,
  headers: Readonly<Record<string, string>>,
): void {
  sendJson(exchange, 503, jsonOf({ errorCode: "GENERAL", errorDetails }), headers);
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

function statusOf(answer: FlagAnswer): number {
  if (!("errorCode" in answer)) return 200;
  return answer.errorCode === "FLAG_NOT_FOUND" ? 404 : 400;
}

/** @param key - key of the requested flag; absent: all flags were requested. */
function sendBad(
  { exchange }: EndpointCall,
  { cors }: Caller,
  bad: BadRequest,
  key?: string,
): void {
  const { errorCode, errorDetails, status } = bad;
  const headers = { ...cors, ...headersOfBad(bad) };
  sendJson(exchange, status, jsonOf({ key, errorCode, errorDetails }), headers);
}

function jsonOf(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
