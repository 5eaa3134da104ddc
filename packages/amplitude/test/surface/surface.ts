import type { SurfaceLists } from "@sortition/dialect-kit/surface";

const INNER_PART = "an inner part of the vendor's client: the client polls by itself";
const CLASS = "contains a class, whose private members are not the vendor's";
const COPIES = "flags are copied in and out";

/** Names of `@amplitude/experiment-node-server`, and their counterparts in this package. */
export const AMPLITUDE_SURFACE: SurfaceLists = {
  works: [
    ...["AmplitudeCookie", "AssignmentConfig", "CohortDescription.*", "CohortSyncConfig.*"],
    ...["Defaults", "EvaluateOptions.tracksExposure", "Experiment", "Experiment.*"],
    ...["ExperimentClient", "ExperimentClient.*", "ExperimentConfig"],
    ...["ExperimentUser", "ExperimentUser.*", "FetchOptions", "FetchOptions.*"],
    ...["FlagConfig", "FlagConfigCache", "FlagConfigCache.*", "HttpClient.request"],
    ...["InMemoryCohortStorage.delete", "InMemoryCohortStorage.get*", "InMemoryCohortStorage.put"],
    ...["InMemoryFlagConfigCache", "InMemoryFlagConfigCache.clear"],
    ...["InMemoryFlagConfigCache.delete", "InMemoryFlagConfigCache.put*"],
    ...["LocalEvaluationClient", "LocalEvaluationClient.cache"],
    ...["LocalEvaluationClient.cohortStorage", "LocalEvaluationClient.evaluate*"],
    ...["LocalEvaluationConfig", "LocalEvaluationConfig.assignmentConfig*"],
    ...["LocalEvaluationConfig.cohortSyncConfig", "LocalEvaluationConfig.debug"],
    ...["LocalEvaluationConfig.exposureConfig*", "LocalEvaluationConfig.httpAgent"],
    "LocalEvaluationConfig.instanceName",
    ...["LocalEvaluationConfig.flagConfigPollingIntervalMillis", "LocalEvaluationConfig.logLevel"],
    ...["LocalEvaluationConfig.loggerProvider", "LocalEvaluationConfig.server*"],
    ...["LocalEvaluationConfig.stream*", "LogLevel", "LogLevel.*"],
    ...["LoggerProvider", "LoggerProvider.*", "RemoteEvaluationClient", "RemoteEvaluationClient.*"],
    ...["RemoteEvaluationConfig", "RemoteEvaluationConfig.debug", "RemoteEvaluationConfig.fetchR*"],
    ...["RemoteEvaluationConfig.httpAgent", "RemoteEvaluationConfig.instanceName"],
    "RemoteEvaluationConfig.log*",
    ...["RemoteEvaluationConfig.server*", "RemoteEvaluationDefaults", "Variant", "Variant.*"],
    ...["Variants", "typeof AmplitudeCookie.*"],
  ],
  differs: {
    "InMemoryFlagConfigCache.get": COPIES,
    "InMemoryFlagConfigCache.getAll": COPIES,
    "InMemoryFlagConfigCache.getAllCached": COPIES,
    "LocalEvaluationClient.start":
      "has a deadline, `startTimeoutMillis`; updates go on after it rejected",
    "LocalEvaluationClient.stop": "`stop({ timeoutMs })` also delivers events",
    "LocalEvaluationConfig.bootstrap":
      "the object is copied, because the vendor's clients write into it and share the default one, so that they see each other's flags",
    "RemoteEvaluationConfig.fetchTimeoutMillis": "a deadline: the vendor's ends with silence only",
  },
  notThere: {
    "ConsoleLogger.*": "logs go to stderr; give a `loggerProvider` or a `logger`",
    FlagConfigFetcher: INNER_PART,
    "FlagConfigFetcher.*": INNER_PART,
    FlagConfigPoller: INNER_PART,
    "FlagConfigPoller.*": INNER_PART,
    "InMemoryCohortStorage.store": "`getCohort`, `put` and `delete`: members are kept as bytes",
  },
  otherTypes: { "read LocalEvaluationClient": CLASS, "typeof Experiment": CLASS },
  inner: [
    ...["CohortFetcher.*", "CohortStorage.*", "GetCohortOptions.*", "SdkCohortApi.getCohort"],
    ...["SimpleResponse.*", "StreamErrorEvent.*", "StreamEventSource.*", "StreamMessageEvent.data"],
    "StreamOpenEvent.type",
  ],
};
