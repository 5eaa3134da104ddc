// All situations.
import "./fleet.test.js";
