import type { ConfigurationSource, Dialect } from "@sortition/core/internal";
import type { ScriptedReply, ScriptedStream } from "../request-recorder/scripted-network.js";

/** A vendor's streaming source, and its protocol. It polls every 30 s. The client evaluates the string flag `flag`. */
export interface StreamFaultsHarness {
  readonly dialect: Dialect;
  createSource(): ConfigurationSource;
  /** Ends of the URLs of requests and streams. */
  readonly paths: { readonly flags: string; readonly stream: string };
  /** Returns the reply to a request: flags with this value. */
  reply(value: string): ScriptedReply;
  /** Sends all flags with this value. */
  sendAll(stream: ScriptedStream, value: string): void;
  /** Sends a change to this value, as all flags or a part of them. */
  sendChange(stream: ScriptedStream, value: string): void;
  /** Keeps a stream alive. */
  sendLife(stream: ScriptedStream): void;
  /** Sends the start of an event that changes the value, without its end. */
  sendBeginning(stream: ScriptedStream, value: string): void;
  sendGarbage(stream: ScriptedStream): void;
  /** Whether the source reconnects after garbage, instead of sending a request. Default: false. */
  readonly reopensAfterGarbage?: boolean;
  /** Sends flags that the dialect rejects as a whole. */
  sendRefused(stream: ScriptedStream): void;
  /** Maximum size of one event. */
  readonly maxEventBytes: number;
  /** Whether each connection starts with all flags. */
  readonly beginsWithAll: boolean;
  /** Time after which a connection is replaced. `null`: never. */
  readonly lifeMs: number | null;
  /** Time without a byte after which a stream is considered lost. Default: 70 s. */
  readonly silenceMs?: number;
  /** Time for which changes are collected before the client receives them. Default: 0. */
  readonly joinMs?: number;
  /** Time after a first refusal during which the stream is not retried. Default: 0. */
  readonly minReopenMs?: number;
}
