// All vendors.
import "./views.test.js";
