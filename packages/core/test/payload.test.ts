import { describePayloads } from "./payload-cases.js";

describePayloads(500);
