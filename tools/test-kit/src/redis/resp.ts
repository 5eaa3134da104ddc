import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A reply of Redis, with bulk strings as bytes. */
export type RawReply = Buffer | number | null | readonly RawReply[];
/** A reply of Redis, with bulk strings as text. */
export type RedisReply = string | number | null | readonly RedisReply[];

type Parsed = { readonly value: RawReply | Error; readonly end: number } | null;
type Answer = { resolve(reply: RawReply): void; reject(error: Error): void };

/**
 * A connection to Redis that shares no code with the tested packages. It uses RESP2, and replies
 * arrive in the order of the commands.
 */
export class RespConnection {
  readonly #socket: Socket;
  readonly #answers: Answer[] = [];
  #received = Buffer.alloc(0);
  /**
   * Called with replies that no command waits for, such as those of `MONITOR` and subscriptions.
   */
  onPush: ((reply: RawReply) => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => this.#take(chunk));
    socket.on("error", () => {}); // "close" follows
    socket.on("close", () => {
      for (const { reject } of this.#answers.splice(0)) reject(new Error("connection closed"));
    });
  }

  static async open(port: number): Promise<RespConnection> {
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    return new RespConnection(socket.setNoDelay());
  }

  /**
   * Sends a command.
   *
   * @throws {Error} with Redis's message for an error reply, or if the connection is lost.
   */
  send(...args: readonly (string | number | Uint8Array)[]): Promise<RawReply> {
    if (this.#socket.destroyed) return Promise.reject(new Error("connection closed"));
    const parts = args.map((arg) => Buffer.from(typeof arg === "number" ? String(arg) : arg));
    const chunks = parts.flatMap((part) => [`$${part.length}\r\n`, part, "\r\n"]);
    const bytes = chunks.map((chunk) => Buffer.from(chunk));
    this.#socket.write(Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...bytes]));
    return new Promise((resolve, reject) => this.#answers.push({ resolve, reject }));
  }

  get isClosed(): boolean {
    return this.#socket.destroyed;
  }

  /** Lets the server end the connection, after everything that it has sent before. */
  async quit(): Promise<void> {
    if (this.#socket.destroyed) return;
    const closed = new Promise((resolve) => this.#socket.once("close", resolve));
    this.#socket.write("QUIT\r\n");
    await closed;
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const parsed = parse(this.#received, 0);
      if (parsed === null) return;
      this.#received = this.#received.subarray(parsed.end);
      const answer = this.#answers.shift();
      if (answer === undefined) {
        if (!(parsed.value instanceof Error)) this.onPush?.(parsed.value);
      } else if (parsed.value instanceof Error) answer.reject(parsed.value);
      else answer.resolve(parsed.value);
    }
  }
}

/** Converts the bulk strings of a reply to text. */
export function textOf(reply: RawReply): RedisReply {
  if (Buffer.isBuffer(reply)) return reply.toString();
  return typeof reply === "object" && reply !== null
    ? (reply as readonly RawReply[]).map(textOf)
    : (reply as number | null);
}

function parse(bytes: Buffer, start: number): Parsed {
  const lineEnd = bytes.indexOf("\r\n", start);
  if (lineEnd < 0) return null;
  const line = bytes.toString("utf8", start + 1, lineEnd);
  const next = lineEnd + 2;
  switch (String.fromCharCode(bytes[start] ?? 0)) {
    case "+":
      return { value: Buffer.from(line), end: next };
    case "-":
      return { value: new Error(line), end: next };
    case ":":
      return { value: Number(line), end: next };
    case "$": {
      const length = Number(line);
      if (length < 0) return { value: null, end: next };
      const end = next + length + 2;
      return bytes.length < end ? null : { value: bytes.subarray(next, end - 2), end };
    }
    case "*":
      return parseArray(bytes, next, Number(line));
    default:
      return { value: new Error(`unknown reply ${line}`), end: next };
  }
}

function parseArray(bytes: Buffer, start: number, count: number): Parsed {
  if (count < 0) return { value: null, end: start };
  const items: RawReply[] = [];
  let end = start;
  while (items.length < count) {
    const item = parse(bytes, end);
    if (item === null) return null;
    items.push(item.value instanceof Error ? Buffer.from(item.value.message) : item.value);
    end = item.end;
  }
  return { value: items, end };
}
