import { TextDecoder } from "node:util";
import { ProtocolError } from "@sortition/core/internal";

/** An event as a server sent it. */
export interface StreamEvent {
  /** The field `event`; `message` if the event has none. */
  readonly type: string;
  /** The fields `data`, joined by line feeds. Decoded whenever it is read. */
  readonly data: string;
  /** The only field `data` as it was received, in UTF-8: megabytes need not become a string. Absent if there are several. */
  readonly bytes?: Uint8Array | undefined;
  /** The last field `id` of this event or of those before it; empty if there was none. */
  readonly lastEventId: string;
}

/** Dependencies of a parser, and its callbacks. */
export interface EventParserOptions {
  /** Bound of one event, and of a line that is no comment. */
  readonly maxEventBytes: number;
  /** Origin of the server's URL, for messages. */
  readonly server: string;
  /** Of the connection before this one. */
  readonly lastEventId: string;
  readonly onEvent: (event: StreamEvent) => void;
  /** The server's wish for the time before a new connection, in ms. */
  readonly onRetry: (retryMs: number) => void;
}

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const INITIAL_LINE_BYTES = 256;

/**
 * Parses the bytes of an event stream, however they are split. Lines are cut as bytes and decoded whole,
 * since no other character of UTF-8 contains the bytes of CR and LF.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html, "Interpreting an event stream"
 */
export class EventParser {
  readonly #options: EventParserOptions;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** The beginning of a line whose end has not been received. */
  #line = new Uint8Array(INITIAL_LINE_BYTES);
  #lineBytes = 0;
  /** Whether the line is a comment. Its bytes are dropped as they come: it may never end. */
  #isComment = false;
  /** Of the finished lines of the current event, without comments. */
  #eventBytes = 0;
  /** Whether the last byte was a CR: a LF after it belongs to the same line end. */
  #followsCr = false;
  #isFirstLine = true;
  #firstData: Uint8Array | null = null;
  #furtherData: string[] = [];
  #type = "";
  #id: string;
  #lastEventId: string;

  constructor(options: EventParserOptions) {
    this.#options = options;
    this.#id = options.lastEventId;
    this.#lastEventId = options.lastEventId;
  }

  /** The id to reconnect with: the last one of a finished event. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /**
   * Parses the next bytes. An event is passed on as soon as the line end of its empty line is complete.
   *
   * @throws ProtocolError if an event is too large; the parser cannot be used afterwards.
   */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    let start = this.#followsCr && chunk[0] === LF ? 1 : 0;
    this.#followsCr = false;
    let lf = chunk.indexOf(LF, start);
    let cr = chunk.indexOf(CR, start);
    while (lf !== -1 || cr !== -1) {
      const end = lf === -1 || (cr !== -1 && cr < lf) ? cr : lf;
      this.#append(chunk.subarray(start, end));
      this.#endLine();
      const isPair = end === cr && chunk[end + 1] === LF;
      start = end + (isPair ? 2 : 1);
      this.#followsCr = end === cr && end === chunk.length - 1;
      // Each is looked for only when it was passed, so that no byte is looked at twice.
      if (lf !== -1 && lf < start) lf = chunk.indexOf(LF, start);
      if (cr !== -1 && cr < start) cr = chunk.indexOf(CR, start);
    }
    this.#append(chunk.subarray(start));
  }

  #append(bytes: Uint8Array): void {
    if (this.#lineBytes === 0 && bytes[0] === COLON) this.#isComment = true;
    if (this.#isComment) return;
    const lineBytes = this.#lineBytes + bytes.length;
    const { maxEventBytes, server } = this.#options;
    if (this.#eventBytes + lineBytes > maxEventBytes) {
      throw new ProtocolError(
        `an event of ${server} has more than ${maxEventBytes} bytes`,
        "SORTITION_BODY_TOO_LARGE",
      );
    }
    if (lineBytes > this.#line.length) {
      const larger = new Uint8Array(Math.max(lineBytes, 2 * this.#line.length));
      larger.set(this.#line.subarray(0, this.#lineBytes));
      this.#line = larger;
    }
    this.#line.set(bytes, this.#lineBytes);
    this.#lineBytes = lineBytes;
  }

  #endLine(): void {
    if (this.#isComment) {
      this.#isComment = false;
      this.#isFirstLine = false;
      return;
    }
    let line = this.#line.subarray(0, this.#lineBytes);
    this.#lineBytes = 0;
    if (this.#isFirstLine) {
      this.#isFirstLine = false;
      if (BYTE_ORDER_MARK.every((byte, i) => line[i] === byte)) line = line.subarray(3);
    }
    if (line.length === 0) this.#endEvent();
    else if (line[0] !== COLON) this.#addField(line);
  }

  #addField(line: Uint8Array): void {
    this.#eventBytes += line.length + 1;
    // Not by a pattern: a value may have megabytes, which would be read once more.
    const colon = line.indexOf(COLON);
    const nameEnd = colon === -1 ? line.length : colon;
    const valueStart = nameEnd + (line[nameEnd + 1] === SPACE ? 2 : 1);
    const name = this.#decoder.decode(line.subarray(0, nameEnd));
    if (name === "data" && this.#firstData === null) {
      this.#firstData = line.slice(valueStart); // the buffer of the line is used again
      return;
    }
    const value = this.#decoder.decode(line.subarray(valueStart));
    switch (name) {
      case "event":
        this.#type = value;
        return;
      case "data":
        this.#furtherData.push(value);
        return;
      case "id":
        if (!value.includes("\0")) this.#id = value;
        return;
      case "retry":
        if (/^[0-9]+$/.test(value)) this.#options.onRetry(Number(value));
        return;
    }
  }

  /** An event without data is not passed on, but its id counts. */
  #endEvent(): void {
    const first = this.#firstData;
    const further = this.#furtherData;
    const type = this.#type === "" ? "message" : this.#type;
    this.#eventBytes = 0;
    this.#firstData = null;
    this.#furtherData = [];
    this.#type = "";
    this.#lastEventId = this.#id;
    if (this.#line.length > INITIAL_LINE_BYTES) this.#line = new Uint8Array(INITIAL_LINE_BYTES);
    if (first === null) return;
    const decoder = this.#decoder;
    this.#options.onEvent({
      type,
      bytes: further.length === 0 ? first : undefined,
      lastEventId: this.#id,
      get data() {
        return [decoder.decode(first), ...further].join("\n");
      },
    });
  }
}
