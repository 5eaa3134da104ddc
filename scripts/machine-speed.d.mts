/** How many times as long as the machine on which the budgets of the tests were set this one takes for the same work at the moment. */
export function machineSlowness(): number;
