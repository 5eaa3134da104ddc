// All hosts.
import "./admin.test.js";
