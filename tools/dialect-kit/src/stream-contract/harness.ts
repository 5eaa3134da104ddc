import type { Client } from "@sortition/core";
import type { ConfigurationSource, Dialect } from "@sortition/core/internal";
import type { ScriptedReply, ScriptedStream } from "../request-recorder/index.js";

/** A vendor's source that streams, and its wire. It polls every 30 s. */
export interface StreamFaultsHarness {
  readonly dialect: Dialect;
  createSource(): ConfigurationSource;
  /** Ends of the URLs of requests and of streams. */
  readonly paths: { readonly flags: string; readonly stream: string };
  /** Reply to a request: flags that have this value. */
  reply(value: string): ScriptedReply;
  /** Sends all flags, with this value. */
  sendAll(stream: ScriptedStream, value: string): void;
  /** Sends a change to this value: all flags again, or a part of them. */
  sendChange(stream: ScriptedStream, value: string): void;
  /** Keeps a stream alive. */
  sendLife(stream: ScriptedStream): void;
  /** Begins an event that changes the value, without its end. */
  sendBeginning(stream: ScriptedStream, value: string): void;
  sendGarbage(stream: ScriptedStream): void;
  /** Whether another connection follows garbage, not a request. Default: false. */
  readonly reopensAfterGarbage?: boolean;
  /** Sends flags that the dialect refuses as a whole. */
  sendRefused(stream: ScriptedStream): void;
  /** Maximum size of one event. */
  readonly maxEventBytes: number;
  /** Whether each connection begins with all flags. */
  readonly beginsWithAll: boolean;
  /** After this time a connection is replaced; `null`: it never is. */
  readonly lifeMs: number | null;
  /** Time without a byte by which a stream that was up is taken for lost. Default: 70 s. */
  readonly silenceMs?: number;
  /** Time after a first refusal in which the stream is not tried again. Default: 0. */
  readonly minReopenMs?: number;
  /** Longest time after which a stream that was lost, or could not be opened, is tried again. */
  readonly maxReopenMs: number;
  /** The value that a client serves. */
  valueOf(client: Client<object>): string;
}
