import { describePayloads } from "./payload-cases.js";

describePayloads(3_400);
