import { later } from "./start.js";

/** The text that was read from a stream. */
export interface ReadStream {
  readonly text: string;
  readonly hasEnded: boolean;
  readonly status: number;
  readonly headers: Headers;
}

/** Opens a stream, and reads it until the test ends. */
export async function openStream(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<ReadStream> {
  const controller = new AbortController();
  later(async () => controller.abort());
  const response = await fetch(url, { headers, signal: controller.signal });
  const read = { text: "", hasEnded: false, status: response.status, headers: response.headers };
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const readAll = async (): Promise<void> => {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: "" };
      if (done) break;
      read.text += value;
    }
    read.hasEnded = true;
  };
  void readAll().catch(() => {
    read.hasEnded = true;
  });
  return read;
}
