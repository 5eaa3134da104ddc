import type { Clock } from "@sortition/core/internal";
import {
  type HttpResponse,
  HttpTransport,
  type HttpTransportOptions,
  withAbortDeadline,
} from "@sortition/node/internal";

const MAX_ANSWER_BYTES = 1_000_000;
const JSON_TYPE = "application/json";

/** Posts JSON. Its transport is created with the first request. */
export class Requester {
  readonly #route: Pick<HttpTransportOptions, "dispatcher" | "proxy" | "send">;
  readonly #clock: Clock;
  #transport: HttpTransport | null = null;

  constructor(route: Pick<HttpTransportOptions, "dispatcher" | "proxy" | "send">, clock: Clock) {
    this.#route = route;
    this.#clock = clock;
  }

  /** Rejects if there is no response in time, or if the signal is aborted. */
  post(
    url: string,
    request: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: unknown;
      readonly timeoutMs: number;
      readonly signal: AbortSignal;
    },
  ): Promise<HttpResponse> {
    this.#transport ??= new HttpTransport(this.#route);
    const transport = this.#transport;
    const { timeoutMs, signal } = request;
    return withAbortDeadline({ clock: this.#clock, timeoutMs, signal }, (ended) =>
      transport.request({
        url: new URL(url),
        method: "POST",
        headers: { "content-type": JSON_TYPE, ...request.headers },
        body: JSON.stringify(request.body),
        maxBodyBytes: MAX_ANSWER_BYTES,
        signal: ended,
      }),
    );
  }

  release(): void {
    this.#transport?.release();
  }
}
