import { describeGetters } from "./graceful-cases.js";

describeGetters(300);
