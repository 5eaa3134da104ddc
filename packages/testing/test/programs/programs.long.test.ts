import { describePrograms } from "./describe-programs.js";

describePrograms(1_500);
