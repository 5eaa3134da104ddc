import { describeGetters } from "./graceful-cases.js";

describeGetters(3_000);
