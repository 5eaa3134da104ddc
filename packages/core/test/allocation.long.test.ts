// Also whether an allocation is detected.
import "./allocation.test.js";
