import { describeVersions } from "./version-cases.js";

describeVersions(5_000);
