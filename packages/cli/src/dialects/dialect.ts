import type { CompileIssue, Configuration } from "@sortition/core";
import type { Explainer, FlagQuestion } from "@sortition/core/dialect";
import type { PayloadFile } from "../evaluate/payload-file.js";
import type { JsonObject } from "../evaluate/request.js";
import type { JudgeSupport } from "../judge/flag-judge.js";
import type { PlaceOfCondition } from "./place.js";
import type { ReducedPayload, ReductionInput } from "./reduction.js";

/** How the command opens one vendor's configurations, evaluates its requests and shows the results. */
export interface CliDialect {
  /** The name for `--dialect`. */
  readonly name: string;
  /** Options that only this dialect has. */
  readonly options: readonly DialectOption[];
  /** Lines of `sortition evaluate --help`: fields of the requests and of their results. */
  readonly help: readonly string[];
  /** The flags that a request of `sortition evaluate` names. */
  flagsOf(request: JsonObject): readonly unknown[];
  /** Describes flags and observes evaluations. */
  readonly explainer: Explainer;
  readonly explain: ExplainSupport;
  /** Output of `sortition inspect` in addition to flags, bandits and issues. Absent: there is none. */
  inspectExtras?(configuration: Configuration): Partial<InspectExtras>;
  readonly judge: JudgeSupport;
  /**
   * Returns the part of a layer, namespace or mutual exclusion group that a condition of its rules means, so that `diff`
   * finds flags that exclude each other. `null`: none. What allocations hash is known from their descriptions.
   */
  readonly placeOf: PlaceOfCondition;
  /** Returns data that the vendor's SDKs use and configurations do not contain. Absent: there is none. */
  outsideData?(configuration: Configuration): readonly OutsideData[];
  /**
   * Reduces a configuration to some flags and their dependencies, for `sortition function`. `null`: warehouses cannot evaluate
   * the dialect's flags.
   *
   * @throws UsageError for a flag that a warehouse cannot evaluate.
   */
  readonly reduce: ((input: ReductionInput) => ReducedPayload) | null;
  /**
   * Reads and compiles the configuration.
   *
   * @throws UsageError for a bad option, FileError for an unusable file.
   */
  open(options: OpenOptions): Promise<OpenConfiguration>;
}

/** Data of one kind that a configuration does not contain. */
export interface OutsideData {
  /** What each name is, such as `ID list`. */
  readonly kind: string;
  /** What is not in the configuration, if it is not the thing itself. Begins with a space. */
  readonly note: string;
  readonly names: readonly string[];
}

/** Loads dialects by name, each when it is first needed. */
export type DialectTable = Readonly<Record<string, () => Promise<CliDialect>>>;

/** Commands that read a configuration. */
export type CommandName =
  | "evaluate"
  | "explain"
  | "inspect"
  | "diff"
  | "replay"
  | "srm"
  | "function"
  | "types"
  | "stale";

/** An option that only some dialects have. It takes a value. */
export interface DialectOption {
  /** Name without the leading `--`. */
  readonly name: string;
  /** Name of the value in help, e.g. `FILE`. */
  readonly value: string;
  readonly help: readonly string[];
  /** Commands that accept the option. */
  readonly commands: readonly CommandName[];
}

/** Returns the value of one of the dialect's own options; `undefined` if it is not given. */
export type OptionReader = (name: string) => string | undefined;

export interface OpenOptions {
  readonly configPath: string;
  /** Reads the file, or stdin for `-`. */
  readonly config: () => Promise<PayloadFile>;
  readonly option: OptionReader;
  /** Whether results contain the events that the SDK would have logged. Default: false. */
  readonly hasEvents?: boolean;
  /** Reports what is wrong with the whole configuration but does not stop the run. */
  readonly warn: (message: string) => void;
}

/** A compiled configuration that can evaluate requests. */
export interface OpenConfiguration {
  readonly configuration: Configuration;
  /** Issues of the configuration, without those that are expected with the given options. */
  issues(): readonly CompileIssue[];
  /**
   * Answers a request as the vendor's SDK would.
   *
   * @param request - without `id` and `now`, which all dialects share.
   * @throws RequestError if the request is malformed.
   */
  answer(request: JsonObject, time: LineTime): CliAnswer;
}

export interface LineTime {
  /** Epoch ms. */
  readonly nowMs: number;
  /** Whether the request or the command line set it; otherwise it is the real time. */
  readonly isSet: boolean;
}

/** The answer to a request: the fields of its result after `id`, or what the vendor's call throws. */
export type CliAnswer =
  | { readonly kind: "result"; readonly fields: JsonObject }
  | {
      readonly kind: "throws";
      readonly error: unknown;
      /** Fields of the result, in addition to the error's class and message. */
      readonly fields?: JsonObject;
    };

/** The flag, subject and options of `sortition explain`. */
export interface Question {
  readonly flag: string;
  readonly subjectKey: string;
  readonly attributes: JsonObject;
  readonly option: OptionReader;
}

/** A {@link Question} as a request of the dialect. */
export interface ExplainRequest {
  /** A request of `sortition evaluate`, without `id` and `now`. */
  readonly request: JsonObject;
  /** The requested type; `null` if requests of the dialect name none. */
  readonly type: string | null;
  /** Further members of the explainer's question. If they include attributes, these replace the subject's attributes. */
  readonly asked?: Partial<FlagQuestion>;
}

/** What a dialect adds to `sortition explain`. */
export interface ExplainSupport {
  /** @throws UsageError for a bad option. */
  requestOf(question: Question, configuration: Configuration): ExplainRequest;
  /** Shows the value in the fields of a result, in one line. Default: the text of the explainer's answer. */
  valueText?(fields: JsonObject): string;
  /** Output in addition to the result and the allocations. Default: none. */
  extrasOf?(explained: {
    readonly question: Question;
    readonly answer: CliAnswer;
    readonly configuration: Configuration;
  }): Extras;
}

/** Output of a command that only one dialect has. */
export interface Extras {
  /** Members of the JSON output. */
  readonly fields: JsonObject;
  /** Paragraphs of the text output, in lines. */
  readonly paragraphs: readonly (readonly string[])[];
}

/** Output of `sortition inspect` that only one dialect has. */
export interface InspectExtras extends Extras {
  /** Phrases for the first line of the output, e.g. `format SERVER`. */
  readonly summary: readonly string[];
}
