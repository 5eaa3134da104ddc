// All vendors.
import "./openfeature.test.js";
