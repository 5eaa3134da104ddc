import type { Configuration } from "@sortition/core";
import type { Explainer, Explanation } from "@sortition/core/dialect";
import type { JsonObject } from "./request.js";

/** An option that only some dialects have. It takes a value. */
export interface DialectOption {
  /** Without dashes. */
  readonly name: string;
  /** What help calls its value. */
  readonly value: string;
  /** Lines of help. */
  readonly help: readonly string[];
  /** Whether it belongs to the configuration, whatever that is read for. */
  readonly isOfConfiguration?: boolean;
}

/** What a dialect is opened with. */
export interface OpenOptions {
  readonly configPath: string;
  /** Whether results carry the events. */
  readonly hasEvents: boolean;
  /** The value of one of the dialect's own options. */
  readonly option: (name: string) => string | undefined;
  /** Tells of something that is wrong with the configuration but does not stop the run. */
  readonly warn: (message: string) => void;
  /** Whether answers are explained. */
  readonly isExplained?: boolean;
}

/** The clock of one line. */
export interface LineTime {
  /** Epoch ms. */
  readonly nowMs: number;
  /** Whether the line or the command line set it; otherwise it is the real time. */
  readonly isSet: boolean;
}

/** What came of a request: the fields of its result after `id`, or what the vendor's call throws. */
export type Answer =
  | { readonly kind: "result"; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: "throws"; readonly error: unknown };

/** One configuration, ready to answer. */
export interface Evaluation {
  readonly configuration: Configuration;
  /** How the last answer came about; `null` unless answers are explained. */
  explanation(): Explanation | null;
  /**
   * Answers a request as the vendor's SDK would.
   *
   * @param request - without `id` and `now`, which all dialects share.
   * @throws RequestError if the request is malformed.
   */
  answer(request: JsonObject, time: LineTime): Answer;
}

/** How one vendor's configurations and requests are evaluated. */
export interface EvaluateDialect {
  readonly name: string;
  /** Options beside the common ones. */
  readonly options: readonly DialectOption[];
  /** Tells what configurations contain and how they decide. */
  readonly explainer: Explainer;
  /** Lines of help: the request's fields. */
  readonly help: readonly string[];
  /**
   * Reads the configuration.
   *
   * @throws UsageError for a bad option, FileError for an unusable file.
   */
  open(options: OpenOptions): Promise<Evaluation>;
}
