import { describeCorrectExperiments } from "./correct-experiments.js";

describeCorrectExperiments(300);
