import { describeVersions } from "./version-cases.js";

describeVersions(500);
