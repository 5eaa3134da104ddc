import { describePending } from "./pending-cases.js";

describePending(100_000);
