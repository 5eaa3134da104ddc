// Each request with each vendor.
import "./http.test.js";
