import { mayHaveArrived } from "../delivery/delivery-failure.js";
import { isRefusalStatus, type Refusal, sendInParts } from "../delivery/parts.js";
import { RequestSize } from "../delivery/request-size.js";
import { HttpStatusError } from "../errors/errors.js";
import { isTransientStatus } from "../http/failure.js";
import { retryAfterMs } from "../http/retry-after.js";
import type { Clock } from "../runtime/clock.js";
import {
  type AbortControllerLike,
  createAbortController,
  host,
  parseUrl,
  type ResponseLike,
} from "../runtime/host.js";
import { bytesOf } from "../runtime/text.js";
import { forgetRequest, type SentRequest, watchRequest } from "./sent-request.js";
import type { Settle, Vendor } from "./vendor.js";

/** `temporary`: a later attempt may succeed; `refused`: a request with fewer events may succeed; `final`: no attempt will succeed. */
export type StatusKind = "temporary" | "refused" | "final";

/** Options of {@link HttpBatches}. */
export interface HttpBatchesOptions<Message> {
  /** URL of the service. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Maximum number of messages per request. */
  readonly maxItems: number;
  /** Maximum UTF-8 bytes of the messages per request. */
  readonly maxBytes: number;
  /** Maximum number of concurrent requests. */
  readonly maxRequests: number;
  /** Time-out of one attempt, headers and body each. */
  readonly timeoutMs: number;
  /** Number of times that a message is sent again, not counting those that the service requested. Default: no limit. */
  readonly maxRetries?: number;
  /** Returns the JSON of one message. */
  encode(message: Message): string;
  /** Returns the body of a request from the JSON of its messages. */
  bodyOf(messages: readonly string[]): string | Uint8Array;
  /** Classifies a status of at least 300. Default: {@link kindOfStatus}. */
  readonly kindOf?: (status: number) => StatusKind;
}

interface Handed<Message> {
  readonly message: Message;
  readonly json: string;
  readonly settle: Settle;
}

/** A request without a usable response. */
interface RequestFailure {
  readonly error: unknown;
  /** Whether the service may have the messages. */
  readonly isUncertain: boolean;
}

const TOO_LARGE = 413;
/** Used instead of the status of a request that may succeed later. Its refusal has a {@link RequestFailure}. */
const TEMPORARY = 0;
/** Number of times that a message is sent again together with others. Then it is sent alone. */
const RETRIES_TOGETHER = 2;

/** Classifies a status of at least 300. */
export function kindOfStatus(status: number): StatusKind {
  if (isTransientStatus(status)) return "temporary";
  return isRefusalStatus(status) ? "refused" : "final";
}

/**
 * Sends messages to a service's HTTP interface, in batches that it accepts. A batch that is refused, or that fails again and
 * again, is halved.
 */
export class HttpBatches<Message extends object> implements Vendor<Message> {
  readonly url: string;
  readonly #options: HttpBatchesOptions<Message>;
  readonly #size = new RequestSize();
  readonly #running = new Set<AbortControllerLike>();
  /** Messages in a request whose outcome is not known. */
  readonly #sending = new Map<Message, SentRequest>();
  /** Messages that must not be sent any more. */
  readonly #abandoned = new WeakSet<Message>();
  readonly #retries = new WeakMap<Message, number>();
  /** Requests that wait until another one has ended. They are called with its failure, if it is temporary. */
  readonly #waiting: ((failure: unknown) => void)[] = [];
  #started = 0;
  #batch: Handed<Message>[] = [];
  #batchBytes = 0;

  /** @throws if the URL is invalid. */
  constructor(options: HttpBatchesOptions<Message>) {
    const url = parseUrl(options.url);
    if (url === null) throw new TypeError("the URL of the service is invalid");
    this.url = url.href;
    this.#options = options;
  }

  send(message: Message, settle: Settle): void {
    const { encode, maxBytes, maxItems } = this.#options;
    const json = encode(message);
    const sizeBytes = bytesOf(json).length + 1; // a comma
    if (this.#batchBytes + sizeBytes > maxBytes) this.#sendBatch();
    this.#batch.push({ message, json, settle });
    this.#batchBytes += sizeBytes;
    if (this.#batch.length >= Math.min(maxItems, this.#size.limit)) this.#sendBatch();
  }

  async flush(): Promise<void> {
    this.#sendBatch();
  }

  abandon(message: Message): boolean {
    this.#abandoned.add(message);
    return this.#sending.get(message)?.isSent === true;
  }

  close(): void {
    for (const controller of this.#running) controller.abort();
  }

  #sendBatch(): void {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    if (batch.length > 0) void this.#deliver(batch);
  }

  /** Never rejects. */
  async #deliver(batch: readonly Handed<Message>[]): Promise<void> {
    const { limit } = this.#size;
    const refusal = await this.#request(batch);
    if (refusal === null) return;
    await sendInParts(refusal, {
      send: (part) => this.#request(part, refusal.status === TEMPORARY),
      refused: ({ items, status, error }, isAlone) => {
        if (status === TEMPORARY) {
          this.#retry(items, error as RequestFailure); // see TEMPORARY
          return;
        }
        if (!isAlone) this.#size.restore(limit);
        else if (mayLimitSize(status)) this.#size.dropped();
        const reason = status === TOO_LARGE ? "too-large" : "refused";
        for (const { settle } of items) settle.refused(reason, error, isAlone);
      },
    });
  }

  /**
   * Sends one request, and settles its messages unless it is refused. Never rejects.
   *
   * @param isPart - whether a request that may succeed later is treated as refused.
   */
  async #request(
    batch: readonly Handed<Message>[],
    isPart = false,
  ): Promise<Refusal<Handed<Message>> | null> {
    if (this.#started < this.#options.maxRequests) this.#started += 1;
    else {
      const failure = await new Promise<unknown>((resolve) => void this.#waiting.push(resolve));
      if (failure !== undefined) {
        for (const { settle } of batch) settle.retry(failure, false);
        return null;
      }
    }
    const refusal = await this.#requestNow(
      batch.filter(({ message }) => !this.#abandoned.has(message)),
      isPart,
    );
    const next = this.#waiting.shift();
    if (next === undefined) this.#started -= 1;
    else next(undefined);
    return refusal;
  }

  async #requestNow(
    items: readonly Handed<Message>[],
    isPart: boolean,
  ): Promise<Refusal<Handed<Message>> | null> {
    if (items.length === 0) return null;
    const mayDivide = isPart || (items.length > 1 && items.some((item) => this.#isBlocking(item)));
    const response = await this.#post(items);
    if (!("status" in response)) {
      if (mayDivide) return { items, status: TEMPORARY, error: response };
      this.#retry(items, response);
      return null;
    }
    const { headers, status } = response;
    if (status < 300) {
      this.#size.accepted(items.length);
      for (const { settle } of items) settle.delivered();
      return null;
    }
    const [retryAfter, date] = [headers.get("retry-after"), headers.get("date")];
    const askedMs = retryAfterMs({ retryAfter, date, nowMs: this.#options.clock.now() });
    const error = new HttpStatusError(status, askedMs);
    const kind = (this.#options.kindOf ?? kindOfStatus)(status);
    if (kind === "refused") {
      if (items.length > 1 && mayLimitSize(status)) this.#size.refused(items.length);
      return { items, status, error };
    }
    const isAsked = askedMs !== null;
    if (kind === "temporary" && mayDivide && !isAsked) {
      return { items, status: TEMPORARY, error: { error, isUncertain: false } };
    }
    if (kind === "temporary") this.#retry(items, { error, isUncertain: false }, isAsked);
    else for (const { settle } of items) settle.failed(error);
    return null;
  }

  #isBlocking({ message }: Handed<Message>): boolean {
    return (this.#retries.get(message) ?? 0) >= RETRIES_TOGETHER;
  }

  /** Returns messages to the logger, which pauses, and with them those that wait for this request. */
  #retry(
    items: readonly Handed<Message>[],
    { error, isUncertain }: RequestFailure,
    isAsked = false,
  ): void {
    const { maxRetries = Number.POSITIVE_INFINITY } = this.#options;
    for (const { message, settle } of items) {
      const made = this.#retries.get(message) ?? 0;
      if (made >= maxRetries) settle.failed(error);
      else {
        if (!isAsked) this.#retries.set(message, made + 1);
        settle.retry(error, isUncertain);
      }
    }
    for (const giveBack of this.#waiting.splice(0)) giveBack(error);
  }

  /** Returns the headers, or why there are none. The body is received in the background, until `close`. */
  async #post(items: readonly Handed<Message>[]): Promise<ResponseLike | RequestFailure> {
    const { bodyOf, clock, headers, timeoutMs } = this.#options;
    const { fetch } = host();
    const body = bodyOf(items.map(({ json }) => json));
    const sizeBytes = typeof body === "string" ? bytesOf(body).length : body.length;
    const request = watchRequest(this.url, sizeBytes);
    for (const { message } of items) this.#sending.set(message, request);
    const controller = createAbortController();
    const { signal } = controller;
    this.#running.add(controller);
    const startTimer = (): (() => void) =>
      clock.setTimer(() => controller.abort(), timeoutMs, { holdsProcess: true });
    let cancel = startTimer();
    const end = (): void => {
      cancel();
      this.#running.delete(controller);
    };
    try {
      if (fetch === undefined) throw new TypeError("this runtime has no fetch");
      const response = await fetch(this.url, { method: "POST", headers, body, signal });
      cancel();
      cancel = startTimer();
      void response.arrayBuffer().then(end, end); // the status is known
      return response;
    } catch (error) {
      end();
      return { error, isUncertain: request.isSent && mayHaveArrived(error) };
    } finally {
      forgetRequest(request);
      for (const { message } of items) this.#sending.delete(message);
    }
  }
}

/** Whether a service may use this status for a request that has too many events or bytes. */
function mayLimitSize(status: number): boolean {
  return status === 400 || status === TOO_LARGE;
}
