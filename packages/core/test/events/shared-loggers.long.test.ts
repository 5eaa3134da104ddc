import { describeSharedLoggers } from "./shared-loggers-cases.js";

describeSharedLoggers(10_000);
