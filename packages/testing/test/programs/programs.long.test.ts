import { describePrograms } from "./describe-programs.js";

describePrograms(5_000);
