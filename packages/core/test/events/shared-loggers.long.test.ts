import { describeSharedLoggers } from "./shared-loggers-cases.js";

describeSharedLoggers(3_000);
