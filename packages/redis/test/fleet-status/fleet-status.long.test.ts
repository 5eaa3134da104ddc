// With a Cluster.
import "./fleet-status.test.js";
