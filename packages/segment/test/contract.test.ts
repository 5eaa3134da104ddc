import { describeAnalyticsLogger, describeTrackCalls } from "@sortition/test-kit/logger-contract";
import { harness } from "./support/harness.js";

describeAnalyticsLogger(harness);
describeTrackCalls(harness);
