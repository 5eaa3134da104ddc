// All vendors.
import "./effects.test.js";
