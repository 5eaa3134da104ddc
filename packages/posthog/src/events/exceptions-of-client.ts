import type { Diagnostics } from "@sortition/core";
import { type Clock, messageOf } from "@sortition/core/internal";
import type { Contexts } from "../context/contexts.js";
import {
  BY_CALL,
  type ExceptionEntry,
  exceptionList,
  type Mechanism,
} from "../exceptions/exception-list.js";
import { isMarkedAsCaptured } from "../exceptions/expected.js";
import type { InAppRules } from "../exceptions/frame.js";
import { RateLimiter } from "../exceptions/rate-limiter.js";
import { SourceLines } from "../exceptions/source-lines.js";
import {
  captureUncaught,
  captureWaiting,
  claimForCall,
  type UncaughtListener,
} from "../exceptions/uncaught.js";
import { takeEarly } from "../exceptions/variables/early-variables.js";
import {
  LocalVariables,
  type LocalVariablesEvents,
} from "../exceptions/variables/local-variables.js";
import {
  DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS,
  DEFAULT_CODE_VARIABLES_MASK_PATTERNS,
} from "../exceptions/variables/patterns.js";
import type { CaptureClientOptions } from "./capture-client-options.js";

const DEFAULT_BURST = 50;
const DEFAULT_REFILL = 10;

export interface ExceptionProperties {
  readonly $exception_list: readonly ExceptionEntry[];
  readonly $exception_level: "error";
  readonly $release_id?: string;
}

export interface ClientExceptionsParts {
  readonly options: CaptureClientOptions;
  readonly clock: Clock;
  readonly diagnostics: Diagnostics;
  readonly contexts: Contexts;
  /** The project of the events. Clients of the same project capture an uncaught exception only once. */
  readonly project: string;
}

export class ClientExceptions {
  readonly #parts: ClientExceptionsParts;
  readonly #rules: InAppRules;
  readonly #limiter: RateLimiter;
  readonly #sources = new SourceLines();
  readonly #variables: LocalVariables;
  #listener: UncaughtListener | null = null;
  #stopListening: (() => void) | null = null;

  constructor(parts: ClientExceptionsParts) {
    const { diagnostics, options } = parts;
    this.#parts = parts;
    const { projectRoot = null, inAppModules } = options;
    this.#rules = { projectRoot, inAppModules: inAppModules ?? [] };
    this.#limiter = new RateLimiter({
      bucketSize: options.exceptionRateLimiterBucketSize ?? DEFAULT_BURST,
      refillRate: options.exceptionRateLimiterRefillRate ?? DEFAULT_REFILL,
    });
    const reads = options.captureExceptionCodeVariables === true;
    const rules = () => this.#maskingRules();
    const events: LocalVariablesEvents = {
      unavailable: (cause) =>
        diagnostics.warn("local variables cannot be read", { reason: messageOf(cause) }),
      limited: () => diagnostics.warn("too many errors: some lack variables"),
    };
    const early = reads ? takeEarly() : null;
    this.#variables = early?.adopt(rules, events) ?? new LocalVariables(rules, events);
    if (reads) this.#variables.start();
  }

  readVariables(): void {
    this.#variables.start();
  }

  /**
   * Starts capturing uncaught exceptions, if the options enable it.
   *
   * @param listener - this client.
   */
  listen(listener: Omit<UncaughtListener, "project">): void {
    if (this.#parts.options.enableExceptionAutocapture !== true) return;
    this.#listener = { ...listener, project: this.#parts.project };
    this.#stopListening = captureUncaught(this.#listener);
  }

  /** Returns whether to capture a thrown value, which neither another library nor a listener has captured. */
  takes(thrown: unknown, mechanism: Mechanism): boolean {
    if (isMarkedAsCaptured(thrown)) return false;
    return mechanism !== BY_CALL || claimForCall(thrown, this.#parts.project);
  }

  /**
   * Captures the uncaught exceptions that wait for the end of the turn. The promise resolves when other clients have
   * sent theirs.
   */
  captureWaiting(): Promise<unknown> | null {
    const others = captureWaiting().filter((it) => it !== this.#listener);
    return others.length === 0 ? null : Promise.allSettled(others.map((it) => it.flush()));
  }

  /**
   * Describes a thrown value.
   *
   * @param callStack - stack of the call, for values without a stack.
   */
  async describe(
    thrown: unknown,
    mechanism: Mechanism,
    callStack: string | null,
  ): Promise<ExceptionProperties> {
    const hasVariables = this.#parts.contexts.current()?.read("capturesVariables");
    const isAsked = hasVariables ?? this.#parts.options.captureExceptionCodeVariables === true;
    const $exception_list = await exceptionList(thrown, {
      mechanism,
      callStack,
      rules: this.#rules,
      sources: this.#sources,
      addVariables: isAsked ? (error, frames) => this.#variables.addTo(error, frames) : undefined,
    });
    if (this.#parts.options.logCapturedExceptions === true) {
      const [first] = $exception_list;
      this.#parts.diagnostics.error("exception captured", {
        type: first?.type,
        value: first?.value,
      });
    }
    const $release_id = injectedReleaseId();
    return {
      $exception_list,
      $exception_level: "error",
      ...($release_id ? { $release_id } : {}),
    };
  }

  /** Returns whether another exception of this type may be captured automatically. */
  allows({ $exception_list: [first] }: ExceptionProperties): boolean {
    return this.#limiter.allows(first?.type ?? "Error", this.#parts.clock.now());
  }

  stop(): void {
    this.#stopListening?.();
    this.#stopListening = null;
    this.#variables.stop();
  }

  #maskingRules() {
    const scope = this.#parts.contexts.current();
    const { codeVariablesMaskPatterns, codeVariablesIgnorePatterns } = this.#parts.options;
    return {
      maskPatterns:
        scope?.read("maskPatterns") ??
        codeVariablesMaskPatterns ??
        DEFAULT_CODE_VARIABLES_MASK_PATTERNS,
      ignorePatterns:
        scope?.read("ignorePatterns") ??
        codeVariablesIgnorePatterns ??
        DEFAULT_CODE_VARIABLES_IGNORE_PATTERNS,
    };
  }
}

/** Returns the release id in the environment, or else the one that `posthog-cli` wrote into the bundle. */
export function injectedReleaseId(): string | null {
  const { _posthogReleaseId: injected } = globalThis as { readonly _posthogReleaseId?: unknown };
  return (
    process.env["POSTHOG_RELEASE_ID"]?.trim() || (typeof injected === "string" ? injected : null)
  );
}
