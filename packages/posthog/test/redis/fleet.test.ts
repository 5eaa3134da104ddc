import { describeFleet } from "./fleet-plan.js";

// The long run has eight.
describeFleet(4);
