import { describePending } from "./pending-cases.js";

describePending(4_000);
