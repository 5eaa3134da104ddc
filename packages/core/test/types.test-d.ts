import type * as core from "@sortition/core";
import {
  type AssignmentDetails,
  type AssignmentEvent,
  type AssignmentLogger,
  type BanditDetails,
  type BanditResult,
  CallbackError,
  type Client,
  type ClientEvents,
  type ClientOptions,
  type ClientStatus,
  ClosedError,
  Configuration,
  createClient,
  DecodeError,
  type Dialect,
  type DialectConfigurationInput,
  type ErrorCode,
  EvaluationError,
  type FlushResult,
  HttpStatusError,
  NetworkError,
  NoInstanceError,
  NotReadyError,
  OptionError,
  ProtocolError,
  type ReadyResult,
  type RefreshResult,
  SortitionError,
  TimeoutError,
} from "@sortition/core";
import type * as dialects from "@sortition/core/dialect";
import type * as eppoTypes from "@sortition/core/eppo";
import {
  type AllocationEvaluation,
  ContextAttributes,
  type EvaluationDetails,
} from "@sortition/core/eppo";
import type * as sources from "@sortition/core/kit";
import type * as precomputed from "@sortition/core/precomputed";
import { describe, expectTypeOf, it } from "vitest";

declare const client: Client<EvaluationDetails>;
declare const dialect: eppoTypes.EppoDialect;
const attributes = { plan: "pro", age: 5, isMember: true, city: null, street: undefined };

describe("a getter", () => {
  it("returns the type of the default, widened", () => {
    expectTypeOf(client.getBooleanAssignment("f", "s", attributes, false)).toEqualTypeOf<boolean>();
    expectTypeOf(client.getIntegerAssignment("f", "s", attributes, 1)).toEqualTypeOf<number>();
    expectTypeOf(client.getNumericAssignment("f", "s", attributes, 1.5)).toEqualTypeOf<number>();
    expectTypeOf(client.getStringAssignment("f", "s", attributes, "x")).toEqualTypeOf<string>();
  });

  it("returns the shape of a JSON default", () => {
    expectTypeOf(client.getJSONAssignment("f", "s", attributes, { list: [1] })).toEqualTypeOf<{
      list: number[];
    }>();
    expectTypeOf(client.getJSONAssignment("f", "s", attributes, [1])).toEqualTypeOf<number[]>();
    expectTypeOf(client.getJSONAssignment("f", "s", attributes, null)).toEqualTypeOf<null>();
    expectTypeOf(
      client.getJSONAssignment<{ a: 1 } | null>("f", "s", attributes, null),
    ).toEqualTypeOf<{ a: 1 } | null>();
  });

  it("refuses a default of another type", () => {
    // @ts-expect-error: a string is not a boolean
    client.getBooleanAssignment("f", "s", {}, "false");
    // @ts-expect-error: null is not a boolean
    client.getBooleanAssignment("f", "s", {}, null);
    // @ts-expect-error: a string is not a number
    client.getIntegerAssignment("f", "s", {}, "1");
    // @ts-expect-error: a boolean is not a number
    client.getNumericAssignment("f", "s", {}, true);
    // @ts-expect-error: a number is not a string
    client.getStringAssignment("f", "s", {}, 1);
    // @ts-expect-error: a string is not an object
    client.getJSONAssignment("f", "s", {}, "{}");
    // @ts-expect-error: a string is not a boolean
    client.getBooleanAssignmentDetails("f", "s", {}, "false");
    // @ts-expect-error: a string is not a number
    client.getIntegerAssignmentDetails("f", "s", {}, "1");
    // @ts-expect-error: a string is not a number
    client.getNumericAssignmentDetails("f", "s", {}, "1");
    // @ts-expect-error: a number is not a string
    client.getStringAssignmentDetails("f", "s", {}, 1);
    // @ts-expect-error: a number is not an object
    client.getJSONAssignmentDetails("f", "s", {}, 1);
  });

  it("needs a default", () => {
    // @ts-expect-error: the default value is missing
    client.getStringAssignment("f", "s", {});
  });

  it("accepts any JSON values as attributes, or none", () => {
    client.getStringAssignment("f", "s", null, "x");
    client.getStringAssignment("f", "s", undefined, "x");
    client.getStringAssignment("f", "s", { address: { city: "Basel" }, tags: ["a", 1] }, "x");
    expectTypeOf<eppoTypes.EppoAttributes>().toExtend<core.Attributes>();
    // @ts-expect-error: JSON has no functions
    client.getStringAssignment("f", "s", { plan: () => "pro" }, "x");
    // @ts-expect-error: JSON has no symbols
    client.getStringAssignment("f", "s", { plan: Symbol("pro") }, "x");
  });

  it("leaves Eppo's own attributes without nesting", () => {
    // @ts-expect-error: attributes of Eppo are not nested
    ContextAttributes.from({ address: { city: "Basel" } });
    // @ts-expect-error: bandits do not accept nested attributes
    client.getBanditAction("f", "s", { address: { city: "Basel" } }, [], "x");
  });
});

describe("a details getter", () => {
  it("carries the type of the value and the dialect's own details", () => {
    const details = client.getStringAssignmentDetails("f", "s", {}, "x");
    expectTypeOf(details).toEqualTypeOf<AssignmentDetails<string, EvaluationDetails>>();
    expectTypeOf(details.value).toEqualTypeOf<string>();
    expectTypeOf(
      details.evaluationDetails.matchedAllocation,
    ).toEqualTypeOf<AllocationEvaluation | null>();
  });

  it("has a message id if the exposure was logged", () => {
    const { exposure } = client.getBooleanAssignmentDetails("f", "s", {}, false);
    if (exposure.logged) expectTypeOf(exposure.messageId).toEqualTypeOf<string>();
    else expectTypeOf(exposure.messageId).toEqualTypeOf<null>();
  });

  it("has the details of the dialect that the client was made with", () => {
    const dialect = {} as Dialect<{ readonly mine: number }>;
    const other = createClient({ dialect });
    const { evaluationDetails } = other.getStringAssignmentDetails("f", "s", {}, "x");
    expectTypeOf(evaluationDetails).toEqualTypeOf<{ readonly mine: number }>();
  });

  it("types what a drop-in passes by the dialect", () => {
    const dialect = {} as Dialect<object, { readonly url: string }>;
    const other = createClient({ dialect });
    const { value } = other.evaluate({ flagKey: "f", subjectKey: "s", extras: { url: "/" } });
    expectTypeOf(value).toEqualTypeOf<unknown>();
    // @ts-expect-error: the dialect expects a string
    other.evaluate({ flagKey: "f", subjectKey: "s", extras: { url: 1 } });
  });
});

describe("a bandit getter", () => {
  it("returns a variation and an action, or none", () => {
    const context = ContextAttributes.from({ age: 5, plan: "pro" });
    expectTypeOf(context).toEqualTypeOf<ContextAttributes>();
    const result = client.getBanditAction("f", "s", context, ["nike"], "x");
    expectTypeOf(result).toEqualTypeOf<BanditResult>();
    expectTypeOf(result.action).toEqualTypeOf<string | null>();
    const details = client.getBanditActionDetails("f", "s", { age: 5 }, ["nike"], "x");
    expectTypeOf(details).toEqualTypeOf<BanditDetails<EvaluationDetails>>();
    expectTypeOf(client.getBestAction("f", context, ["nike"], "x")).toEqualTypeOf<string>();
  });

  it("takes names, or attributes apart by kind or flat", () => {
    const empty = ContextAttributes.empty();
    client.getBanditAction("f", "s", null, [], "x");
    client.getBanditAction("f", "s", empty, { nike: empty }, "x");
    client.getBanditAction("f", "s", empty, { nike: { price: 5, isNew: true } }, "x");
    // @ts-expect-error: names of actions are strings
    client.getBanditAction("f", "s", empty, [1], "x");
    // @ts-expect-error: the variation of a bandit is a string
    client.getBanditAction("f", "s", empty, [], null);
    // @ts-expect-error: one kind is missing
    client.getBanditAction("f", "s", { numericAttributes: {} }, [], "x");
  });
});

describe("options", () => {
  it("that are unknown are refused", () => {
    // @ts-expect-error: it is called initializationTimeoutMs
    createClient({ dialect, initializationTimeout: 5 });
  });

  it("may be undefined", () => {
    expectTypeOf({
      initializationTimeoutMs: undefined,
      clock: undefined,
    }).toExtend<ClientOptions>();
  });

  it("take the platform's own signal and console", () => {
    createClient({ dialect, signal: new AbortController().signal, diagnostics: console });
  });

  it("accept a class or an object as a logger", () => {
    class Logger implements AssignmentLogger {
      async logAssignment(event: AssignmentEvent): Promise<void> {
        expectTypeOf(event.variation).toEqualTypeOf<string | null>();
      }
    }
    class EppoLogger implements AssignmentLogger {
      logAssignment(event: eppoTypes.EppoAssignmentEvent): void {
        expectTypeOf(event.format).toEqualTypeOf<string>();
        expectTypeOf(event.entityId).toEqualTypeOf<number | null>();
        expectTypeOf(event.metaData.obfuscated).toEqualTypeOf<boolean>();
      }
      logBanditAction(event: eppoTypes.EppoBanditEvent): void {
        expectTypeOf(event.metaData.obfuscated).toEqualTypeOf<boolean>();
      }
    }
    createClient({ dialect, assignmentLogger: [new Logger(), new EppoLogger()] });
    createClient({ dialect, assignmentLogger: { logAssignment: (event) => event.subject } });
  });

  it("accept several loggers, even as a readonly list", () => {
    const loggers = [
      new (class {
        logAssignment(): void {}
      })(),
      { logAssignment() {} },
    ] as const;
    createClient({ dialect, assignmentLogger: loggers });
    client.setAssignmentLogger(loggers);
    // @ts-expect-error: `logAssignment` is missing
    client.setAssignmentLogger([{ logBanditAction() {} }]);
  });

  it("accept a policy or a store for deduplication", () => {
    createClient({
      dialect,
      deduplication: { assignments: { max: 5, rule: "set" }, bandits: false },
    });
    const store = { has: () => false, reserve() {}, confirm() {}, release() {} };
    createClient({ dialect, deduplication: { assignments: store } });
    // @ts-expect-error: the store has no `release`
    createClient({ dialect, deduplication: { assignments: { has: () => false, reserve() {} } } });
  });
});

describe("results", () => {
  it("have precise types", () => {
    expectTypeOf(client.waitForInitialization()).resolves.toEqualTypeOf<ReadyResult>();
    expectTypeOf(client.refresh()).resolves.toEqualTypeOf<RefreshResult>();
    expectTypeOf(client.flush()).resolves.toEqualTypeOf<FlushResult>();
    expectTypeOf(client.close()).resolves.toEqualTypeOf<FlushResult>();
    expectTypeOf(client.status).toEqualTypeOf<ClientStatus>();
    expectTypeOf(client.getConfiguration()).toEqualTypeOf<Configuration | null>();
    expectTypeOf(client.getFlagKeys()).toEqualTypeOf<ReadonlySet<string>>();
    expectTypeOf(Configuration.from).parameter(0).toEqualTypeOf<DialectConfigurationInput>();
  });

  it("are distinguished by a member", () => {
    const result = {} as ReadyResult;
    if (result.ready) expectTypeOf(result.revision).toEqualTypeOf<string>();
    else expectTypeOf(result.error).toEqualTypeOf<SortitionError | null>();
  });
});

describe("events", () => {
  it("carry their own facts", () => {
    client.on("ready", (event) => expectTypeOf(event).toEqualTypeOf<ClientEvents["ready"]>());
    client.on("error", ({ error }) => expectTypeOf(error).toEqualTypeOf<SortitionError>());
    client.on("closed", (event) => expectTypeOf(event).toEqualTypeOf<FlushResult>());
    // @ts-expect-error: unknown event
    client.on("reddy", () => {});
  });
});

describe("errors", () => {
  it("are all classes of one family, with a code", () => {
    const classes = [
      ...[CallbackError, ClosedError, DecodeError, EvaluationError, HttpStatusError, NetworkError],
      ...[NoInstanceError, NotReadyError, OptionError, ProtocolError, TimeoutError],
    ];
    expectTypeOf<InstanceType<(typeof classes)[number]>>().toExtend<SortitionError>();
    expectTypeOf<SortitionError["code"]>().toEqualTypeOf<ErrorCode>();
  });

  it("are recognised without their class", () => {
    const thrown: unknown = null;
    if (SortitionError.is(thrown)) expectTypeOf(thrown).toEqualTypeOf<SortitionError>();
  });
});

/** Whether a type contains `any`, down to this many members deep. The language's own types may contain it. */
type HasAny<T, Depth extends readonly unknown[] = [1, 2, 3, 4]> = 0 extends 1 & T
  ? true
  : Depth extends readonly [unknown, ...infer Rest]
    ? T extends Uint8Array
      ? false
      : T extends
            | readonly (infer Element)[]
            | PromiseLike<infer Element>
            | ReadonlySet<infer Element>
        ? HasAny<Element, Rest>
        : T extends (...parameters: infer Parameters) => infer Result
          ? HasAny<Parameters[number], Rest> | HasAny<Result, Rest>
          : T extends object
            ? { [Key in keyof T]-?: HasAny<T[Key], Rest> }[keyof T]
            : false
    : false;

/** All types of the entry other than functions and classes, by name. */
interface PublicTypes {
  readonly assignmentDetails: core.AssignmentDetails<string, eppoTypes.EvaluationDetails>;
  readonly assignmentEvent: core.AssignmentEvent;
  readonly assignmentLogger: core.AssignmentLogger;
  readonly attributes: core.Attributes;
  readonly attributeValue: core.AttributeValue;
  readonly allocationEvaluation: eppoTypes.AllocationEvaluation;
  readonly allocationEvaluationCode: eppoTypes.AllocationEvaluationCode;
  readonly abortSignalLike: core.AbortSignalLike;
  readonly banditActions: core.BanditActions;
  readonly banditChoice: core.BanditChoice;
  readonly banditDetails: core.BanditDetails<eppoTypes.EvaluationDetails>;
  readonly banditEvent: core.BanditEvent;
  readonly banditResult: core.BanditResult;
  readonly banditSubject: core.BanditSubject;
  readonly client: core.Client<eppoTypes.EvaluationDetails>;
  readonly clientEvents: core.ClientEvents;
  readonly clientListener: core.ClientListener<"ready">;
  readonly clientOptions: core.ClientOptions;
  readonly clientState: core.ClientState;
  readonly clientStatus: core.ClientStatus;
  readonly clock: core.Clock;
  readonly compileIssue: core.CompileIssue;
  readonly configurationOrigin: core.ConfigurationOrigin;
  readonly configurationSource: core.ConfigurationSource;
  readonly contextAttributes: eppoTypes.ContextAttributes;
  readonly deduplicationOptions: core.DeduplicationOptions;
  readonly deduplicationPolicy: core.DeduplicationPolicy;
  readonly deduplicationRule: core.DeduplicationRule;
  readonly deduplicationStore: core.DeduplicationStore;
  readonly diagnosticLevel: core.DiagnosticLevel;
  readonly diagnostics: core.Diagnostics;
  readonly dialect: core.Dialect;
  readonly dialectConfigurationInput: core.DialectConfigurationInput;
  readonly dropReason: core.ExposureDropReason;
  readonly eppoAssignmentEvent: eppoTypes.EppoAssignmentEvent;
  readonly eppoAttributes: eppoTypes.EppoAttributes;
  readonly eppoBanditEvent: eppoTypes.EppoBanditEvent;
  readonly eppoEventMetadata: eppoTypes.EppoEventMetadata;
  readonly eppoNodeBanditEvent: eppoTypes.EppoNodeBanditEvent;
  readonly eppoNodeLogger: eppoTypes.EppoNodeLogger;
  readonly errorCode: core.ErrorCode;
  readonly evaluationErrorCode: core.EvaluationErrorCode;
  readonly evaluationCounters: core.EvaluationCounters;
  readonly evaluationDetails: eppoTypes.EvaluationDetails;
  readonly evaluationReason: core.EvaluationReason;
  readonly evaluationRequest: core.EvaluationRequest;
  readonly eventMetadata: core.EventMetadata;
  readonly exposureCounters: core.ExposureCounters;
  readonly exposureOptions: core.ExposureOptions;
  readonly exposureOutcome: core.ExposureOutcome;
  readonly exposuresDropped: core.ExposuresDropped;
  readonly facts: core.Facts;
  readonly flagEvaluationCode: eppoTypes.FlagEvaluationCode;
  readonly flagsChanged: core.FlagsChanged;
  readonly flushResult: core.FlushResult;
  readonly laneCounters: core.LoggerCounters;
  readonly loggerDeadline: core.LoggerDeadline;
  readonly loggerFlushResult: core.LoggerFlushResult;
  readonly loggers: core.Loggers;
  readonly notLoggedReason: core.NotLoggedReason;
  readonly notReadyReason: core.NotReadyReason;
  readonly overflowPolicy: core.OverflowPolicy;
  readonly override: core.Override;
  readonly overrides: core.Overrides;
  readonly payload: core.Payload;
  readonly payloadContent: core.PayloadContent;
  readonly payloadOrigin: core.PayloadOrigin;
  readonly payloadSet: core.PayloadSet;
  readonly precomputedClient: precomputed.PrecomputedClient;
  readonly precomputedBanditResult: precomputed.PrecomputedBanditResult;
  readonly precomputedClientOptions: precomputed.PrecomputedClientOptions;
  readonly precomputedCounters: precomputed.PrecomputedCounters;
  readonly precomputedFlushResult: precomputed.PrecomputedFlushResult;
  readonly precomputedStatus: precomputed.PrecomputedStatus;
  readonly random: core.Random;
  readonly readyResult: core.ReadyResult;
  readonly refreshResult: core.RefreshResult;
  readonly statusError: core.StatusError;
  readonly statusSource: core.StatusSource;
  readonly timerOptions: core.TimerOptions;
  readonly valueType: core.ValueType;
}

/** Types of the entry for dialect authors, by name. */
interface DialectTypes {
  readonly answer: dialects.Answer;
  readonly assigned: dialects.Assigned;
  readonly banditChoice: dialects.BanditChoice;
  readonly bandits: dialects.Bandits;
  readonly banditStep: dialects.BanditStep;
  readonly compiledBandit: dialects.CompiledBandit;
  readonly compiledFlag: dialects.CompiledFlag;
  readonly configuration: dialects.Configuration;
  readonly defaulted: dialects.Defaulted;
  readonly dialect: dialects.Dialect;
  readonly endpoint: dialects.Endpoint;
  readonly endpointContext: dialects.EndpointContext;
  readonly evaluation: dialects.Evaluation;
  readonly flagCompiler: dialects.FlagCompiler<dialects.CompiledFlag>;
  readonly flagSource: dialects.FlagSource;
  readonly lazyFlags: dialects.LazyFlags<dialects.CompiledFlag>;
  readonly lazyFlagsParts: dialects.LazyFlagsParts<dialects.CompiledFlag>;
  readonly eventFields: dialects.EventFields;
  readonly exposureBase: dialects.ExposureBase;
  readonly failed: dialects.Failed;
  readonly payload: dialects.Payload;
  readonly payloadSet: dialects.PayloadSet;
  readonly precomputeRequest: dialects.PrecomputeRequest;
  readonly precomputingDialect: dialects.PrecomputingDialect;
  readonly scope: dialects.Scope;
  readonly subject: dialects.Subject;
  readonly trace: dialects.Trace;
  readonly valueType: dialects.ValueType;
  readonly weighedAction: dialects.WeighedAction;
}

/** Types of Eppo's entry that no other entry has, by name. */
interface EppoTypes {
  readonly eppoConfiguration: eppoTypes.EppoConfiguration;
  readonly eppoDialect: eppoTypes.EppoDialect;
  readonly trafficSplit: eppoTypes.TrafficSplit;
}

/** Types of the entry for authors of sources that no other entry has, by name. */
interface SourceTypes {
  readonly configurationOrigin: sources.ConfigurationOrigin;
  readonly configurationSource: sources.ConfigurationSource;
  readonly digest: sources.Digest;
  readonly failure: sources.Failure;
  readonly failureClass: sources.FailureClass;
  readonly fetchResult: sources.FetchResult;
  readonly offerResult: sources.OfferResult;
  readonly preparedUpdate: sources.PreparedUpdate;
  readonly refreshOutcome: sources.RefreshOutcome;
  readonly sourceAge: sources.SourceAge;
  readonly sourceContext: sources.SourceContext;
  readonly sourceSink: sources.SourceSink;
  readonly subscription: sources.Subscription;
}

describe("a configuration", () => {
  it("is made of a dialect and payloads", () => {
    // @ts-expect-error: this is Eppo's input.
    Configuration.from({ flagsConfiguration: "" });
  });
});

describe("public types", () => {
  it("contain no any", () => {
    expectTypeOf<
      {
        [Name in keyof PublicTypes]: true extends HasAny<PublicTypes[Name]> ? Name : never;
      }[keyof PublicTypes]
    >().toEqualTypeOf<never>();
    expectTypeOf<
      {
        [Name in keyof DialectTypes]: true extends HasAny<DialectTypes[Name]> ? Name : never;
      }[keyof DialectTypes]
    >().toEqualTypeOf<never>();
    expectTypeOf<
      {
        [Name in keyof EppoTypes]: true extends HasAny<EppoTypes[Name]> ? Name : never;
      }[keyof EppoTypes]
    >().toEqualTypeOf<never>();
    expectTypeOf<
      {
        [Name in keyof SourceTypes]: true extends HasAny<SourceTypes[Name]> ? Name : never;
      }[keyof SourceTypes]
    >().toEqualTypeOf<never>();
  });

  it("would fail if they contained any", () => {
    // biome-ignore lint/suspicious/noExplicitAny: the test must find this any.
    expectTypeOf<HasAny<{ a: { b: (x: any) => void } }>>().toEqualTypeOf<boolean>();
    expectTypeOf<HasAny<{ a: { b: (x: unknown) => void } }>>().toEqualTypeOf<false>();
  });
});
