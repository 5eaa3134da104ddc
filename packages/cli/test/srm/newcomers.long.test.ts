// All vendors with all ramps.
import "./newcomers.test.js";
