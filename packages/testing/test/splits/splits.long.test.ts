import { describeSplits } from "./describe-splits.js";

describeSplits(100);
