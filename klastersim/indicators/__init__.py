"""What is read from a finished run: state of the cluster, order funnel, outcomes, twins, digests."""
