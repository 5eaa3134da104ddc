import { TextDecoder } from "node:util";
import { ProtocolError } from "@sortition/core/internal";

/** An event sent by a server. */
export interface StreamEvent {
  /** The field `event`, or `message` if the event has none. */
  readonly type: string;
  /** The `data` fields, joined by line feeds. Decoded on every access. */
  readonly data: string;
  /**
   * The bytes of the only `data` field (UTF-8), so that megabytes need not become a string. Absent
   * if there are several.
   */
  readonly bytes?: Uint8Array | undefined;
  /** The latest `id` field of this event or an earlier one. Empty if there was none. */
  readonly lastEventId: string;
}

/** Settings and callbacks of a parser. */
export interface EventParserOptions {
  /** Maximum size of one event, and of a line that is not a comment. */
  readonly maxEventBytes: number;
  /** Origin of the server's URL, for messages. */
  readonly server: string;
  /** The last id of the previous connection. */
  readonly lastEventId: string;
  readonly onEvent: (event: StreamEvent) => void;
  /** Called with the delay that the server requests before a reconnect. */
  readonly onRetry: (retryMs: number) => void;
}

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const INITIAL_LINE_BYTES = 256;

/**
 * Parses the bytes of an event stream, however they are split. Lines are split as bytes and then
 * decoded, because in UTF-8 no other character contains the bytes of CR or LF.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html, "Interpreting an event
 * stream"
 */
export class EventParser {
  readonly #options: EventParserOptions;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** The start of a line whose end has not been received yet. */
  #line = new Uint8Array(INITIAL_LINE_BYTES);
  #lineBytes = 0;
  /**
   * Whether the line is a comment. The bytes of a comment are dropped as they are received, because
   * it may never end.
   */
  #isComment = false;
  /** Size of the finished lines of the current event, without comments. */
  #eventBytes = 0;
  /** Whether the last byte was a CR. A LF right after it belongs to the same line ending. */
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

  /** The id to reconnect with: that of the last finished event. */
  get lastEventId(): string {
    return this.#lastEventId;
  }

  /**
   * Parses the next bytes. An event is passed on as soon as its closing empty line is complete.
   *
   * @throws ProtocolError if an event is too large. The parser cannot be used afterwards.
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
      // Searches again only after passing a match, so that no byte is read twice.
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
        `an event from ${server} has more than ${maxEventBytes} bytes`,
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
    // No regular expression, which would read a value of several megabytes once more.
    const colon = line.indexOf(COLON);
    const nameEnd = colon === -1 ? line.length : colon;
    const valueStart = nameEnd + (line[nameEnd + 1] === SPACE ? 2 : 1);
    const name = this.#decoder.decode(line.subarray(0, nameEnd));
    if (name === "data" && this.#firstData === null) {
      this.#firstData = line.slice(valueStart); // the line's buffer is reused
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

  /** An event without data is not passed on, but its id is kept. */
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
