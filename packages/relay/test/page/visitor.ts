import { urlOf } from "../../src/config/listen.js";
import type { TestRelay } from "../start.js";

/** A response, with its text. */
export interface Got {
  readonly status: number;
  readonly type: string;
  readonly text: string;
  readonly headers: Headers;
}

/** Requests the admin pages like a browser without JavaScript, and the API like a script. */
export class Visitor {
  readonly #base: string;

  constructor({ adminAddress }: TestRelay) {
    this.#base = urlOf(adminAddress);
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Got> {
    return await got(fetch(`${this.#base}${path}`, { headers, redirect: "manual" }));
  }

  /** Sends a form. */
  async post(
    path: string,
    fields: Readonly<Record<string, string>> | URLSearchParams,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Got> {
    const body = new URLSearchParams(fields);
    return await got(fetch(`${this.#base}${path}`, { method: "POST", body, headers }));
  }

  async json(path: string): Promise<unknown> {
    return JSON.parse((await this.get(path)).text);
  }

  /** Requests an explanation from the API. */
  async explain(body: object): Promise<Got> {
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", body: JSON.stringify(body), headers };
    return await got(fetch(`${this.#base}/api/v1/explain`, request));
  }
}

async function got(asked: Promise<Response>): Promise<Got> {
  const response = await asked;
  const { headers, status } = response;
  return { status, headers, type: headers.get("content-type") ?? "", text: await response.text() };
}

/** Returns the visible text of HTML. */
export function textOf(html: string): string {
  return html
    .replace(/<(style|title)>[^<]*<\/\1>/g, "")
    .replace(/<[^>]*>/g, "")
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");
}
