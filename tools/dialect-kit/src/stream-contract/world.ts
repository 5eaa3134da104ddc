import { type Client, createClient } from "@sortition/core";
import { expect } from "vitest";
import type { ScriptedServer, ScriptedStream } from "../request-recorder/scripted-network.js";
import type { Stage } from "../request-recorder/situation.js";
import type { StreamFaultsHarness } from "./harness.js";

/** `pollIntervalMs` of the client. */
export const INTERVAL_MS = 30_000;
/** Interval of comments that keep a connection alive. */
const LIFE_MS = 10_000;

/** A server whose flags have one value, and a client that follows it. Later values are greater. */
export class StreamWorld {
  readonly stage: Stage;
  readonly harness: StreamFaultsHarness;
  readonly server: ScriptedServer;
  readonly client: Client<object>;
  /** Whether the server sends nothing on streams. */
  isMute = false;
  readonly reports: string[] = [];
  #value = "a";
  readonly #greeted = new Set<ScriptedStream>();

  private constructor(stage: Stage, harness: StreamFaultsHarness) {
    this.stage = stage;
    this.harness = harness;
    this.server = stage.server;
    const report =
      (level: "info" | "warn" | "error") =>
      (message: string): void => {
        this.reports.push(message);
        stage.note(level, message);
      };
    this.client = createClient<object>({
      dialect: harness.dialect,
      source: harness.createSource(),
      assignmentLogger: null,
      diagnostics: {
        debug() {},
        info: report("info"),
        warn: report("warn"),
        error: report("error"),
      },
    });
    stage.finally(() => this.client.close({ timeoutMs: 0 }));
    let last = "";
    this.client.on("configuration-changed", () => {
      const value = this.served;
      stage.note("serves", value);
      expect(value >= last).toBe(true);
      last = value;
    });
  }

  /** The value that the client serves. */
  get served(): string {
    return this.client.getStringAssignment("flag", "alice", {}, "none");
  }

  /** @param prepare - called before the client is created. */
  static async open(
    stage: Stage,
    harness: StreamFaultsHarness,
    prepare: (world: StreamWorld) => Promise<void> = async () => {},
  ): Promise<StreamWorld> {
    stage.server.on(harness.paths.flags, harness.reply("a"));
    stage.server.on(harness.paths.stream, "stream");
    const world = new StreamWorld(stage, harness);
    await prepare(world);
    await world.pass(0);
    return world;
  }

  /** The newest stream. */
  get stream(): ScriptedStream {
    const stream = this.server.streams.at(-1);
    if (stream === undefined) throw new Error("there is no stream");
    return stream;
  }

  /** Changes the value without sending an event on streams. */
  set value(value: string) {
    this.#value = value;
    this.server.on(this.harness.paths.flags, this.harness.reply(value));
  }

  /** Changes the value, and sends the change on the newest stream. */
  async push(value: string): Promise<void> {
    this.value = value;
    this.harness.sendChange(this.stream, value);
    await this.stage.advance(0);
  }

  /** Advances the clock while the server keeps its streams alive. */
  async pass(ms: number): Promise<void> {
    for (let leftMs = ms; ; leftMs -= LIFE_MS) {
      await this.#speak();
      if (leftMs <= 0) return;
      await this.stage.advance(Math.min(leftMs, LIFE_MS));
    }
  }

  /** Makes the server work again. */
  heal(): void {
    this.isMute = false;
    this.server.connections("accepted");
    this.server.on(this.harness.paths.stream, "stream");
  }

  /** Closes the client. The recorder waits for an hour in case anything else happens. */
  async close(): Promise<void> {
    void this.client.close().then(() => this.stage.note("closed"));
    await this.stage.advance(0);
  }

  /** Returns how often a message was reported. */
  count(message: string): number {
    return this.reports.filter((it) => it === message).length;
  }

  /** Records the state of the client. */
  noteState(): void {
    const { ageMs, consecutiveFailures, lastError, state, stream } = this.client.status;
    const { isUp, lost, opened } = stream ?? {};
    const status = { state, ageMs, consecutiveFailures, lastError: lastError?.code };
    this.stage.note("look", this.served, { ...status, isUp, opened, lost });
  }

  async #speak(): Promise<void> {
    await this.stage.advance(0);
    if (this.isMute) return;
    for (const stream of this.server.streams) {
      if (this.#greeted.has(stream) || !this.harness.beginsWithAll) this.harness.sendLife(stream);
      else this.harness.sendAll(stream, this.#value);
      this.#greeted.add(stream);
    }
    await this.stage.advance(0);
  }
}
