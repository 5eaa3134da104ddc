import { describeFleet } from "./fleet-plan.js";

// The long test has eight workers.
describeFleet("four workers over Redis", 4);
