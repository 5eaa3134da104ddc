import { describeAnalyticsLogger } from "@sortition/test-kit/logger-contract";
import { harness } from "./support/harness.js";

describeAnalyticsLogger(harness);
