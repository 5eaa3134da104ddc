import type { AssignmentLogger } from "../delivery/assignment-logger.js";
import type { ScalarAttributes } from "../model/attributes.js";
import type { BanditSubject } from "../model/bandit.js";
import type { AbortSignalLike } from "../runtime/host.js";
import type { AsyncDisposal } from "./async-disposal.js";
import type { BanditResult } from "./bandit-evaluator.js";
import type { Client } from "./client.js";
import type { FlushResult } from "./flush.js";
import type { ClientStatus } from "./status.js";

/** Who the answers are for. */
export interface PrecomputedSubject {
  readonly key: string;
  readonly attributes: BanditSubject;
  /** All together, as events of assignments tell them. */
  readonly flatAttributes: ScalarAttributes;
}

/**
 * Looks up answers that a server made for one subject, and logs them as that server would. Getters
 * take no subject; apart from that they are those of `Client`, and in graceful mode none throws.
 */
export class PrecomputedClient implements AsyncDisposal {
  readonly #client: Client;
  readonly #subject: PrecomputedSubject;

  /** @internal Made by `createPrecomputedClient`. */
  constructor(client: Client, subject: PrecomputedSubject) {
    this.#client = client;
    this.#subject = subject;
  }

  /** The boolean that the subject is assigned, or the default. */
  getBooleanAssignment(flagKey: string, defaultValue: boolean): boolean {
    const { key, flatAttributes } = this.#subject;
    return this.#client.getBooleanAssignment(flagKey, key, flatAttributes, defaultValue);
  }

  /** The whole number that the subject is assigned, or the default. */
  getIntegerAssignment(flagKey: string, defaultValue: number): number {
    const { key, flatAttributes } = this.#subject;
    return this.#client.getIntegerAssignment(flagKey, key, flatAttributes, defaultValue);
  }

  /** The number that the subject is assigned, or the default. */
  getNumericAssignment(flagKey: string, defaultValue: number): number {
    const { key, flatAttributes } = this.#subject;
    return this.#client.getNumericAssignment(flagKey, key, flatAttributes, defaultValue);
  }

  /** The text that the subject is assigned, or the default. */
  getStringAssignment(flagKey: string, defaultValue: string): string {
    const { key, flatAttributes } = this.#subject;
    return this.#client.getStringAssignment(flagKey, key, flatAttributes, defaultValue);
  }

  /** The JSON value that the subject is assigned, fresh for each call, or the default. */
  getJSONAssignment<T extends object | null>(flagKey: string, defaultValue: T): T {
    const { key, flatAttributes } = this.#subject;
    return this.#client.getJSONAssignment(flagKey, key, flatAttributes, defaultValue);
  }

  /** The text that the subject is assigned, and the action that the bandit behind the flag chose. */
  getBanditAction(flagKey: string, defaultValue: string): BanditResult {
    const { key, attributes } = this.#subject;
    return this.#client.getBanditAction(flagKey, key, attributes, [], defaultValue);
  }

  /** Who the answers are for. */
  get subjectKey(): string {
    return this.#subject.key;
  }

  /** Hashes of the keys of all flags that give the subject something. */
  getFlagKeys(): ReadonlySet<string> {
    return this.#client.getFlagKeys();
  }

  /** Sets or replaces the logger, which receives what waited for one. `null`: log nothing. */
  setAssignmentLogger(logger: AssignmentLogger | null): void {
    this.#client.setAssignmentLogger(logger);
  }

  /** A frozen picture of how things stand. */
  get status(): ClientStatus {
    return this.#client.status;
  }

  /** Waits until the logger has what was logged so far, and flushes it. Never rejects. */
  flush(
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignalLike } = {},
  ): Promise<FlushResult> {
    return this.#client.flush(options);
  }

  /** Refuses new events, and flushes within the deadline. Never rejects. Answers go on. */
  close(options: { readonly timeoutMs?: number } = {}): Promise<FlushResult> {
    return this.#client.close(options);
  }

  /** {@link close}, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
