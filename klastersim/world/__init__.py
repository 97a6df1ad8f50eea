"""The state of many clusters as arrays of records, and how a cluster is built."""
