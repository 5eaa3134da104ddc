import { describeFleet } from "./fleet-plan.js";

// The long run has eight.
describeFleet("four workers over Redis", 4);
