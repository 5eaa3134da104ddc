// With a Cluster.
import "./acl.test.js";
