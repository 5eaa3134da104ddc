import { Duplex } from "node:stream";

/**
 * One end of a connection within this process. It has the members of a socket that Node's HTTP
 * client and undici use. It never waits for the system, so when it is quiet, nothing is in
 * progress.
 */
export class LoopSocket extends Duplex {
  readonly remoteAddress: string = "127.0.0.1";
  readonly remotePort: number = 1;
  readonly encrypted: boolean;
  readonly authorized: boolean = true;
  readonly alpnProtocol: false = false;
  connecting = true;
  #peer: LoopSocket | null = null;
  /** Continues the peer's write when this end is read. */
  #resume: (() => void) | null = null;

  /** @param origin - origin that the connection was opened to. */
  constructor(
    readonly origin: string,
    readonly onTraffic: () => void,
  ) {
    super();
    this.encrypted = origin.startsWith("https:");
  }

  /** Connects two ends. */
  static connect(client: LoopSocket, server: LoopSocket): void {
    client.#peer = server;
    server.#peer = client;
    server.connecting = false;
    client.connecting = false;
    client.emit("connect");
    client.emit("secureConnect");
  }

  /** Resets the connection, so that both ends fail. */
  reset(): void {
    const peer = this.#peer;
    this.#later(() => void peer?.destroy(systemError("ECONNRESET", "read")));
    this.destroy();
  }

  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  destroySoon(): void {
    if (this.writable) this.end(() => this.destroy());
    else this.destroy();
  }

  override _read(): void {
    const resume = this.#resume;
    this.#resume = null;
    resume?.();
  }

  override _write(chunk: Buffer, encoding: string, done: () => void): void {
    const peer = this.#peer;
    if (peer === null) this.once("connect", () => this._write(chunk, encoding, done));
    else {
      this.#later(() => {
        if (peer.destroyed || peer.push(chunk)) done();
        else peer.#resume = done;
      });
    }
  }

  override _final(done: () => void): void {
    const peer = this.#peer;
    this.#later(() => {
      if (peer?.destroyed === false) peer.push(null);
    });
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const peer = this.#peer;
    this.#later(() => {
      if (peer?.destroyed === false) peer.destroy();
    });
    done(error);
  }

  /** Data from a network arrives in a separate turn, and its promises run before the next one. */
  #later(arrive: () => void): void {
    this.onTraffic();
    setImmediate(() => {
      this.onTraffic();
      arrive();
    });
  }
}

/** Creates an error like those of system calls. */
export function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall });
}
