import { describePending } from "./pending-cases.js";

describePending(2_000);
