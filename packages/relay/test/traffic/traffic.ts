import { Agent, request } from "node:http";
import { VARIABLES } from "../start.js";
import type { Versions } from "./versions.js";

const { KEY, PAGE_TOKEN, SERVER_TOKEN } = VARIABLES;
/** Pause between two requests of a worker, which leaves CPU time for other work on the machine. */
const PAUSE_MS = 20;
const WORKERS_PER_REPLICA = 4;
const STREAMS_PER_REPLICA = 3;

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Observations of all clients. */
export interface Observed {
  /** Number of responses by kind and status. */
  readonly answers: ReadonlyMap<string, number>;
  /** Responses that match no published version, or an older version than the replica returned before. */
  readonly wrong: readonly string[];
  /** Requests without a complete response, and streams that broke. */
  readonly broken: readonly string[];
  /** Exposures that a relay accepted, as `subject variation`. */
  readonly accepted: ReadonlySet<string>;
  /** Number of events received from streams. */
  readonly streamed: number;
}

/** Sends mixed requests to all replicas and checks each response. */
export class Traffic {
  readonly #shop: Versions;
  readonly #prices: Versions;
  readonly #urls: readonly string[];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #answers = new Map<string, number>();
  readonly #wrong: string[] = [];
  readonly #broken: string[] = [];
  readonly #accepted = new Set<string>();
  /** The newest version that each environment of each replica has shown. */
  readonly #shown = new Map<string, number>();
  readonly #running: Promise<void>[] = [];
  readonly #streams = new AbortController();
  #streamed = 0;
  #subjects = 0;
  #isRunning = true;

  constructor(
    urls: readonly string[],
    versions: { readonly shop: Versions; readonly prices: Versions },
  ) {
    this.#urls = urls;
    this.#shop = versions.shop;
    this.#prices = versions.prices;
    for (const url of urls) {
      for (let i = 0; i < WORKERS_PER_REPLICA; i++) this.#running.push(this.#work(url));
      for (let i = 0; i < STREAMS_PER_REPLICA; i++) {
        this.#running.push(this.#followPrices(url), this.#followShop(url));
      }
    }
  }

  get observed(): Observed {
    return {
      answers: this.#answers,
      wrong: this.#wrong,
      broken: this.#broken,
      accepted: this.#accepted,
      streamed: this.#streamed,
    };
  }

  /** Ends all workers and streams. */
  async end(): Promise<void> {
    this.#isRunning = false;
    this.#streams.abort();
    await Promise.all(this.#running);
    this.#agent.destroy();
  }

  async #work(url: string): Promise<void> {
    while (this.#isRunning) {
      const tasks = [
        () => this.#evaluateOne(url),
        () => this.#reportSeen(url),
        () => this.#fetchShop(url),
        () => this.#fetchPrices(url),
      ];
      for (const task of tasks) {
        try {
          await task();
        } catch (error) {
          this.#broken.push(`${new Date().toISOString()} ${(error as Error).message}`);
        }
        await pause(PAUSE_MS);
      }
    }
  }

  /** Evaluates one flag, which logs an exposure, and reports the same exposure to another replica. */
  async #evaluateOne(url: string): Promise<void> {
    const subject = this.#nextSubject();
    const path = "/shop/ofrep/v1/evaluate/flags/checkout";
    const { status, text } = await this.#checked(`${url}/shop`, "single", this.#shop, async () => {
      const answer = await this.#post(url, path, { context: { targetingKey: subject } });
      const version = () => this.#shop.ofValue(subject, JSON.parse(answer.text).value);
      return { answer, version };
    });
    if (status !== 200) return;
    const { value } = JSON.parse(text) as { readonly value: string };
    this.#accepted.add(`${subject} ${value}`);
    const other = this.#urls[this.#subjects % this.#urls.length] ?? url;
    await this.#report(other, subject, value);
  }

  /** Requests all flags, as a page does, and reports the one that it displayed. */
  async #reportSeen(url: string): Promise<void> {
    const subject = this.#nextSubject();
    const all = await this.#checked(`${url}/shop`, "bulk", this.#shop, async () => {
      const path = "/shop/ofrep/v1/evaluate/flags";
      const answer = await this.#post(url, path, { context: { targetingKey: subject } });
      return { answer, version: () => this.#shop.ofValue(subject, checkoutIn(answer.text)) };
    });
    if (all.status === 200) await this.#report(url, subject, checkoutIn(all.text));
  }

  async #report(url: string, subject: string, variant: string): Promise<void> {
    const context = { targetingKey: subject };
    const body = { context, flags: [{ key: "checkout", variant }] };
    const { status, text } = await this.#post(url, "/shop/exposures", body);
    this.#count("exposure", status);
    if (status !== 202) return;
    const { notLogged } = JSON.parse(text) as { readonly notLogged: readonly { reason: string }[] };
    const [refused] = notLogged;
    if (refused === undefined) this.#accepted.add(`${subject} ${variant}`);
    else if (refused.reason !== "changed") this.#wrong.push(`exposure ${refused.reason}`);
  }

  async #fetchShop(url: string): Promise<void> {
    await this.#checked(`${url}/shop`, "eppo", this.#shop, async () => {
      const answer = await this.#get(url, `/shop/flag-config/v1/config?apiKey=${SERVER_TOKEN}`);
      return { answer, version: () => this.#shop.ofPayload(answer.text) };
    });
  }

  async #fetchPrices(url: string): Promise<void> {
    await this.#checked(`${url}/prices`, "growthbook", this.#prices, async () => {
      const answer = await this.#get(url, `/prices/api/features/${KEY}`);
      return { answer, version: () => this.#prices.ofPayload(answer.text) };
    });
  }

  /** Counts a response. Its version must not be older than what the replica had returned before the request. */
  async #checked(
    place: string,
    kind: string,
    versions: Versions,
    ask: () => Promise<{ readonly answer: Answer; version(): number }>,
  ): Promise<Answer> {
    const floor = this.#shown.get(place) ?? 0;
    const { answer, version } = await ask();
    this.#count(kind, answer.status);
    if (answer.status === 200) this.#check(kind, place, version(), floor, versions.newest);
    return answer;
  }

  #check(kind: string, place: string, version: number, floor: number, newest: number): void {
    if (version < floor || version > newest) {
      this.#wrong.push(
        `${new Date().toISOString()} ${kind} of ${place}: v${version}, after v${floor}`,
      );
    }
    this.#shown.set(place, Math.max(version, this.#shown.get(place) ?? 0));
  }

  /** Follows the stream for GrowthBook's SDKs, where each event is a payload. */
  async #followPrices(url: string): Promise<void> {
    const place = `${url}/prices stream`;
    let last = 0;
    await this.#follow(`${url}/prices/sub/${KEY}`, (data) => {
      const version = this.#prices.ofPayload(data);
      this.#check("stream", place, version, last, this.#prices.newest);
      last = version;
    });
  }

  /** Follows the stream for OpenFeature's providers, which announces new revisions. */
  async #followShop(url: string): Promise<void> {
    const { text } = await this.#post(url, "/shop/ofrep/v1/evaluate/flags", {
      context: { targetingKey: "reader" },
    });
    const { eventStreams } = JSON.parse(text);
    await this.#follow(`${url}${eventStreams[0].endpoint.requestUri}`, () => {});
  }

  /** Reads a stream until the traffic ends. If the relay ends it with a retry time, it reconnects. Any other end is a failure. */
  async #follow(url: string, onData: (data: string) => void): Promise<void> {
    const { signal } = this.#streams;
    while (this.#isRunning) {
      let waitMs: number | null = null;
      try {
        const response = await fetch(url, { signal });
        this.#count("stream", response.status);
        let text = "";
        for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
          text += chunk;
          const events = text.split("\n\n");
          text = events.pop() ?? "";
          for (const event of events) {
            const data = [...event.matchAll(/^data: ?(.*)$/gm)].map(([, line]) => line).join("\n");
            const [, retry] = /^retry: (\d+)$/m.exec(event) ?? [];
            if (retry !== undefined) waitMs = Number(retry);
            if (data === "") continue;
            this.#streamed += 1;
            onData(data);
          }
        }
      } catch (error) {
        if (!this.#isRunning) return;
        this.#broken.push(`${new Date().toISOString()} stream: ${(error as Error).message}`);
        waitMs ??= 0;
      }
      if (waitMs === null)
        this.#broken.push(`${new Date().toISOString()} stream: ended without a retry time`);
      // The relay spreads its readers over 10 s. A tenth of it is enough here.
      await pause((waitMs ?? 0) / 10);
    }
  }

  #nextSubject(): string {
    this.#subjects += 1;
    return `subject-${this.#subjects}`;
  }

  #count(kind: string, status: number): void {
    const name = `${kind} ${status}`;
    this.#answers.set(name, (this.#answers.get(name) ?? 0) + 1);
  }

  #get(url: string, path: string): Promise<Answer> {
    return this.#send(`${url}${path}`, "GET", "");
  }

  #post(url: string, path: string, body: object): Promise<Answer> {
    return this.#send(`${url}${path}`, "POST", JSON.stringify(body));
  }

  #send(url: string, method: string, body: string): Promise<Answer> {
    const headers = { authorization: `Bearer ${PAGE_TOKEN}`, "content-type": "application/json" };
    return new Promise((resolve, reject) => {
      const asking = request(url, { agent: this.#agent, method, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (data: string) => {
          text += data;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        response.on("error", reject);
      });
      asking.on("error", reject).end(body);
    });
  }
}

function checkoutIn(text: string): string {
  const { flags } = JSON.parse(text) as {
    readonly flags: readonly { readonly key: string; readonly value: string }[];
  };
  return flags.find(({ key }) => key === "checkout")?.value ?? "";
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
